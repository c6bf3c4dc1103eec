"""One instance of the centre, put together out of the rooms. It and `app.py`, whose commands work on it, know everybody.

Law: wiring only. What a room can decide is decided there; here it is told who its neighbours are.
"""
