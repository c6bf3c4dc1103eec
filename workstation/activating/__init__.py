"""How a computer activates: over the internet, with all that travels in sight, or by the telephone it is sent to.

Law: the centre is reached by HTTP through `connection.py` and by nothing else; requests are built from the list in
`request.py`, which the privacy statement and the request viewer read, too.
"""
