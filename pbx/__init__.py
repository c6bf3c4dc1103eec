"""The exchange: a small Twilio on your own machine.

It knows a URL and a phone. It never imports ivr/, activation/ or callcenter/: it earns its TwiML over HTTP, as Twilio
does, so that whatever works here works there.
"""
