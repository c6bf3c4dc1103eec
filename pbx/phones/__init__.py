"""Phones that carry their calls themselves, and the connection that attaches them to an exchange.

A phone tells the exchange how its call stands, always the whole of it; the exchange tells the phone where it is in a
queue, what is heard in a conference, and where to go. Either may vanish and come back: the next message puts all right.
"""
