"""What machines ask of the centre over HTTP: installation media, and in time activation itself.

Law of this room: Flask, and no SQL; what has to be looked up is a callable passed in. Every refusal is an RFC 9457
problem with a stable code and a sentence, and repeats nothing of what was sent.
"""
