"""`activation-center proxy …`: the proxy tool at the terminal.

Law of this folder: commands find the collection, keep other tools from it, save every step and print; what is done is
decided beside them. Here alone the tool reads a clock, makes identifiers and waits.
"""

from workstation.proxy.commands import asking, keeping, travelling
from workstation.proxy.commands.group import proxy

__all__ = ["proxy"]

for family in (asking, keeping, travelling):
    for command in family.COMMANDS:
        proxy.add_command(command)
