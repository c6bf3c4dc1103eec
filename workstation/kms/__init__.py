"""Key-management hosts, as a model: rows and counters in the customer's own network, and the computers that ask them.

Law: no protocol is spoken here and nothing leaves the room but a host's own registration with the vendor; who is activated is
decided by pure functions over a host, a client and a moment. Only `commands/` reads a clock.
"""
