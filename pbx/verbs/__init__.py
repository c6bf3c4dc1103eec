"""TwiML's verbs, one file each: a frozen value that owns Twilio's defaults and limits, and the coroutine that does it.

A verb touches the phone through its leg and the web through the request it answers; it fetches nothing itself.
"""
