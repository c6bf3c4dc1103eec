"""Who asks, as limits on attempts count them and as places are found: by network addresses, and never by more than a digest."""

from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NETWORK_BITS = 64
"""Of an IPv6 address; the others one computer changes as it likes (RFC 8981), so that nobody is told by them."""


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address; one of the old kind that came in the new one's clothes (::ffff:192.0.2.1) as what it is. None for none, as
    a socket file has."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def digest_address(text: str) -> str:
    """Whom an attempt from this address counts for: the address, of an IPv6 address its network of 64 bits."""
    address = read_address(text)
    if isinstance(address, IPv6Address):
        return digest_name(str(IPv6Network((int(address), _NETWORK_BITS), strict=False)))
    return digest_name(str(address or text))


def digest_name(text: str) -> str:
    """Whom an attempt at this name counts for; people type passwords where names belong."""
    return sha256(text.strip().lower().encode()).hexdigest()[:24]
