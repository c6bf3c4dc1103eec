"""The activation wizard: by telephone, with boxes that check what is typed, or over the internet; then registration.

Law: each step has an address of its own and works without scripts; a half-typed confirmation ID is remembered in the browser's
session, and nothing personal is.
"""
