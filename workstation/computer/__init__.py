"""What a computer is: its parts and media, the IDs it shows, and where it stands with its activation.

Law: values and pure functions, with no clock and no randomness but what is passed in; media alone are fetched from the centre,
by HTTP.
"""
