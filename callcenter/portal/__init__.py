"""The portal: the pages where customers' contacts see their keys and counts, ask for changes, and say who may speak for them.

Law of this room: Flask, and no SQL; a contact is no agent and has a session of their own kind; every page of an agreement goes
through `shell.standing_in`, every act through `shell.act`. The console's styles and macros draw it; it works without scripts.
"""
