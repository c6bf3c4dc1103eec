"""The floor: who the agents are and what their roles allow. Pure: no SQL, no Flask, no clock but what is passed in.

Of ours it imports `activation` only, so that the database and every screen can share its words.
"""
