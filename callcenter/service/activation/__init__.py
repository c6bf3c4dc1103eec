"""Activation over the web: one claim, or a batch of them, asked in JSON and decided at the same desk as the phone's.

Law: what may be sent is exactly what `fields.py` lists, so that nothing personal can travel; a request that comes again gets
the answer it got before and nothing is decided twice; every answer that is no is a problem with a code and a sentence.
"""
