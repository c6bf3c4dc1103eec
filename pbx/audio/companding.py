"""µ-law to A-law and back, byte for byte, as ITU-T G.711 lays it down in its tables 3 and 4."""

from pbx.audio.frame import Frame

_POSITIVE = 0x80
_ALAW_INVERTED = 0x55
_MULAW_INVERTED = 0x7F

_ALAW_NUMBERS: tuple[int, ...] = (
    *(number // 2 for number in range(16)),
    *range(8, 24),
    *(24, 26, 28, 30),
    *range(32, 44),
    *(45, *range(47, 62)),
    *range(63, 79),
    *(79, *range(81, 128)),
)
"""Table 3: for each of µ-law's magnitudes, the softest first, the number of the A-law magnitude that stands for it."""

_MULAW_NUMBERS: tuple[int, ...] = (
    *range(1, 16, 2),
    *range(16, 32),
    *(32 + number // 2 for number in range(8)),
    *range(36, 48),
    *(48, 48, 49, 49),
    *range(50, 64),
    *(64, *range(64, 80)),
    *(80, *range(80, 128)),
)
"""Table 4: the same for each of A-law's magnitudes."""


def _to_alaw(mulaw: int) -> int:
    return (mulaw & _POSITIVE) | _ALAW_NUMBERS[~mulaw & 0x7F] ^ _ALAW_INVERTED


def _to_mulaw(alaw: int) -> int:
    return (alaw & _POSITIVE) | _MULAW_NUMBERS[(alaw ^ _ALAW_INVERTED) & 0x7F] ^ _MULAW_INVERTED


_ALAW = bytes(map(_to_alaw, range(256)))
_MULAW = bytes(map(_to_mulaw, range(256)))


def alaw_of(mulaw: Frame) -> bytes:
    """The same sound in A-law."""
    return mulaw.translate(_ALAW)


def mulaw_of(alaw: bytes) -> bytes:
    """The same sound in µ-law."""
    return alaw.translate(_MULAW)
