"""The section `[workstation]` of settings.toml: whether the simulated computers are offered at a public address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WORKSTATION_SECTION = """\
[workstation]
# Whether the page /workstation is offered although the centre has a public address. Anybody there may use its computers.
page = false
"""


@dataclass(frozen=True, slots=True)
class WorkstationSettings:
    """Whether the page is offered behind a public address, too."""

    page: bool


def read_workstation(raw: Mapping[str, Any]) -> WorkstationSettings:
    """The settings of the section; without it, no. Raises ValueError with a sentence."""
    if unknown := sorted(raw.keys() - {"page"}):
        raise ValueError(f"[workstation] has no setting {unknown[0]!r}; its one setting is page.")
    page = raw.get("page", False)
    if not isinstance(page, bool):
        raise ValueError("page of [workstation] must be true or false.")
    return WorkstationSettings(page)
