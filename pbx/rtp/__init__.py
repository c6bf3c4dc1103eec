"""RTP: the sound and the keys of SIP phones.

This room alone imports aiortp, and knows neither SIP nor calls: it is told where a phone is, and is a Port from then on.
Nothing that arrives in a packet raises, and nothing is sent to a host that the signalling did not name.
"""
