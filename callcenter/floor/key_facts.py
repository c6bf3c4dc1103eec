"""A product key as every page shows it: masked, with its product, its counts in words, and what stands in its way."""

from dataclasses import dataclass

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel
from activation.keys import masked, write_key
from activation.secrets import Secrets
from callcenter.floor.keys import FloorKey

CHANNEL_TITLES = {
    Channel.RETAIL: "retail",
    Channel.OEM: "came with the computer (OEM)",
    Channel.EVALUATION: "evaluation",
    Channel.MSDN: "developer subscription (MSDN)",
    Channel.VOLUME: "volume licence of the 2003 generation",
    Channel.MAK: "MAK",
    Channel.KMS: "KMS host key",
}


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One key for a page; `label` hides all but the last block (requirements E4.11), `counted` names what is counted."""

    serial: int
    label: str
    product: str
    group: str
    group_name: str
    channel: Channel
    allowed: int
    used: int
    is_blocked: bool
    agreement: str | None

    @property
    def last_block(self) -> str:
        """All of the key that is told."""
        return self.label[-5:]

    @property
    def left(self) -> int:
        """How many more the key allows."""
        return max(self.allowed - self.used, 0)

    def is_elsewhere(self, number: str) -> bool:
        """Whether the key belongs to an agreement, and to another one than this (row 83)."""
        return self.agreement is not None and self.agreement != number

    @property
    def is_volume(self) -> bool:
        """Whether an agreement stands behind the key, so that its limit may be raised."""
        return self.channel in VOLUME_CHANNELS

    @property
    def channel_title(self) -> str:
        """How the licence was sold, in words."""
        return CHANNEL_TITLES[self.channel]

    @property
    def counted(self) -> str:
        """What `allowed` and `used` count: hosts for a KMS key, else computers (row 58)."""
        return "hosts" if self.channel is Channel.KMS else "computers"


def key_facts(key: FloorKey, catalogue: Catalogue, secrets: Secrets) -> KeyFacts:
    """The key as pages show it."""
    product = catalogue.products[key.record.product]
    return KeyFacts(
        serial=key.record.serial,
        label=masked(write_key(key.key, secrets)),
        product=product.title,
        group=product.group.title,
        group_name=product.group.name,
        channel=key.record.channel,
        allowed=key.record.allowed,
        used=key.record.used,
        is_blocked=key.record.blocked,
        agreement=key.record.agreement,
    )
