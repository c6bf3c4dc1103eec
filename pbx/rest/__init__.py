"""The exchange's REST face: Twilio's 2010-04-01 API, as far as an agent's console and a text message need it.

A resource is one file. It reads a form, asks the switchboard, and answers with the fields Twilio's clients read.
"""
