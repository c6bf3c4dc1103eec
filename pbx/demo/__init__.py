"""A caller made of software, who dials the line as a person does: over SIP and RTP, with keys or a voice, and listens.

What the line asks is read from the captions of the caller's own call; the confirmation ID is heard, from the sound alone. The
computer beside the telephone is the house's: it is reached through `Computer`, which whoever starts the demo passes in.
"""
