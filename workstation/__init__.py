"""The caller's computer, simulated: what it shows to be read over the phone, and what it accepts from the line.

Read `computer/` first, which is what a computer is; then `setup/`, how it came to be that, `life/`, what happens to it over
time, and `activating/`, how it activates. `keeping/` keeps it in files; `display/`, `commands/` and `page/` show it to people.
Beside single computers stand the hosts of their network (`kms/`) and the tool for many of them (`proxy/`).

Law of this room: it reaches the centre by phone or by HTTP only, and of ours it imports `activation` alone. It holds
the two derived keys of its installation media, never the master; what it is told it verifies offline. Only
`commands/` reads a clock.
"""
