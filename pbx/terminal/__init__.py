"""The telephone at the terminal: a caller who types, or a script, in a process of its own.

It interprets its call itself, and attaches to the exchange (`pbx/phones/`) for queues, conferences and being called.
"""
