"""`activation-center kms …`: key-management hosts at the terminal, and the computers that ask them.

Law of this folder: commands read the clock, find the host and print; what is decided is decided by the pure modules beside it.
"""

from workstation.kms.commands import asking, hosts, registering
from workstation.kms.commands.group import kms

__all__ = ["kms"]

for family in (hosts, registering, asking):
    for command in family.COMMANDS:
        kms.add_command(command)
