"""The proxy tool: one computer asks for the activation of many that have no way out themselves.

Law: what is collected lives in one file; it changes only by the pure functions here, is on disk before anything is sent
under its name, and only `commands/` prints, reads a clock or makes identifiers. What it asks travels without names.
"""
