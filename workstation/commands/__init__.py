"""`activation-center workstation …`: the simulated computers at the terminal, one file for each family of commands.

Law of this folder: commands read the clock, find the computer and print; what happens to a computer is decided by the pure
modules of the room.
"""

from workstation.commands import activating, changing, internet, looking, registering, running, setting_up, slmgr, telephone
from workstation.commands.group import Places, workstation

__all__ = ["Places", "workstation"]

for family in (setting_up, looking, activating, changing, running, internet, telephone, registering, slmgr):
    for command in family.COMMANDS:
        workstation.add_command(command)
