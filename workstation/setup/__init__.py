"""How a computer comes to be what it is: setup from media, copies of disks and images, another key, another image.

Law: what becomes of a computer is decided by pure functions; `installing.py` alone asks the centre for media.
"""
