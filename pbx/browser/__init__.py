"""Browsers as telephones: one WebSocket is one phone, its signalling and its sound in one stream of JSON messages.

Sound and keys travel in Twilio's Media Streams messages, with the browser in Twilio's part; a few small messages beside them
set calls up and end them. Whatever a browser sends, the exchange serves the next call.
"""
