"""The rules of activation: identifiers, hardware tolerance, who may activate what, counts.

Law of this room: no Flask, no Twilio, no SQL, no asyncio; no clock and no randomness but what is passed in.
It imports the standard library, `cryptography` and `stdnum` only. Refusals are values, never exceptions.
"""
