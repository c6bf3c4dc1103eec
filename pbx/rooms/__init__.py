"""Where callers wait and talk: queues, conferences, and what each of those in them hears.

Knows calls and content to play; how sound is mixed stands in `pbx/audio/`, and how one is sent here in `pbx/verbs/`.
"""
