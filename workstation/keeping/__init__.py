"""Where computers are kept: a JSON file for each, and beside it what it logged and what it sent last.

Law: files are replaced as a whole and readable by their owner only; whoever changes a thing holds its lock.
"""
