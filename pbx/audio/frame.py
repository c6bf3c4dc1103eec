"""The unit of sound: 20 ms of G.711 µ-law."""

RATE_HZ = 8000
FRAME_SECONDS = 0.02
FRAME_BYTES = 160
SILENCE = b"\xff" * FRAME_BYTES
"""Exact zeros: fit to be sent to a phone, never to be heard by a recogniser."""

Frame = bytes
"""FRAME_BYTES of µ-law."""


def frames_of(mulaw: bytes) -> list[Frame]:
    """Sound of any length in frames, the last filled up with silence."""
    pieces = [mulaw[start : start + FRAME_BYTES] for start in range(0, len(mulaw), FRAME_BYTES)]
    if pieces:
        pieces[-1] = pieces[-1].ljust(FRAME_BYTES, SILENCE[:1])
    return pieces
