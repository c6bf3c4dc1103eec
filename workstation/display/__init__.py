"""A computer as people and programs see it at the terminal: tables of 80 columns, plain mappings for `--json`.

Law: everything shown is computed elsewhere in the room and gets its form here. Times are stored in UTC and shown to people in
their own zone.
"""
