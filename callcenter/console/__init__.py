"""The console: the pages where agents, supervisors, administrators and auditors work, rendered on the server and kept live.

Law of this room: Flask, and no SQL; every page and act asks the one table of permissions, every act runs in `shell.act`, and
whatever a person sees is a sentence. Scripts make pages quicker, never possible: what matters works without them.
"""
