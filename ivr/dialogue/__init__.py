"""The dialogue: `step.step` gives the next state and what the line does; the other files are the places it can be at.

Law: pure and total. No clock, no database, no XML, no randomness; every place has a room, everything heard has an answer.
A room says what comes before a question; `step` adds the question of the place that is reached. In `Deciding` nothing is said.
"""
