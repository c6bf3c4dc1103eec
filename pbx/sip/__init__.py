"""SIP: how a softphone rings the exchange, is rung by it, and tells where it can be reached.

Nothing above this folder sees a SIP message, and nothing outside it imports sippy, whose user agents and transactions do the
work: calls come out as `Connection`s, phones as `Station`s (pbx/audio/port.py). Whatever arrives is judged before sippy sees
it, and no packet ends the exchange.
"""
