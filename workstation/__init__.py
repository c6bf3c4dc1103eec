"""The caller's computer, simulated: what it shows to be read over the phone, and what it accepts from the line.

Law of this room: it reaches the centre by phone or by HTTP only, and of ours it imports `activation` alone. It holds
the two derived keys of its installation media, never the master; what it is told it verifies offline. Only
`commands/` reads a clock.
"""
