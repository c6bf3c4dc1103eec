"""What happens to a computer over time: its clock, reminders and logons, the services it runs, the fix of KB 824345.

Law: pure functions over a computer and a moment of its own time. Nothing is stored that follows from the history.
"""
