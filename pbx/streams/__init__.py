"""Media Streams: a call's sound over a WebSocket, in Twilio's messages.

What arrives from the socket is untrusted: a message that cannot be read is noted and ends the stream, never the call.
"""
