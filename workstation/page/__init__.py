"""The page `/workstation`: one computer drawn as a computer, with the activation wizard beside a telephone.

Law of this folder: the only place of the room where Flask is known. It holds no rule of its own: what a computer is, does
and says comes from the room's pure modules, and the centre is reached by HTTP, from this side like from everywhere here.
"""
