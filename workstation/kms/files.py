"""Where key-management hosts are kept: beside the workstations, in the folder `kms-hosts` of the instance."""

from pathlib import Path

from workstation.keeping.folder import Folder
from workstation.kms.host import Host

HostFolder = Folder[Host]


def host_folder(home: Path) -> HostFolder:
    """The hosts of the instance with this folder."""
    return Folder(home / "kms-hosts", Host, "key-management host", "kms list")
