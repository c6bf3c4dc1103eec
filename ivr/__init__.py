"""The conversation with a caller: states, words, and their rendering as TwiML.

Law of this room: the dialogue is a pure, total function; only `twiml.py` says a Twilio word; only `webhook.py` and `sounds.py`
say a Flask word; every sentence stands in `script/`. Of ours it imports `activation` only.
"""
