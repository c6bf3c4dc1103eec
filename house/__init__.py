"""One instance of the centre, put together out of the rooms, and the commands that start it. It knows everybody.

Law: wiring only. What a room can decide is decided there; here it is told who its neighbours are.
"""
