"""The kinds of licence in plain words, for people who set a computer up."""

from collections.abc import Mapping

from activation.catalogue import Channel

PLAIN_WORDS: Mapping[Channel, tuple[str, str]] = {
    Channel.RETAIL: ("Retail", "A boxed copy from a shop, for one computer"),
    Channel.OEM: ("Pre-installed (OEM)", "Came with the computer"),
    Channel.EVALUATION: ("Evaluation", "A copy on trial, to be activated within 14 days"),
    Channel.MSDN: ("Developer subscription (MSDN)", "One key for several computers, 60 days to activate"),
    Channel.VOLUME: ("Volume licence, 2003 generation", "Needs no activation at all"),
    Channel.MAK: ("Multiple activation key (MAK)", "An organisation's key with a count"),
    Channel.KMS: ("Key-management host (KMS)", "The host of an organisation's own network"),
}
"""A short name and what it means."""

CLIENT_TITLE = "Volume client (KMS)"
"""What a volume edition is that was set up without a key of its own."""


def channel_title(channel: Channel) -> str:
    """The kind's short name."""
    return PLAIN_WORDS[channel][0]
