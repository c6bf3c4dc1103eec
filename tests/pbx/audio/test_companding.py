import numpy
import pytest

from pbx.audio.companding import alaw_of, mulaw_of
from pbx.audio.frame import SILENCE
from voices.sound import FULL_SCALE, Sound

EVERY_BYTE = bytes(range(256))


def linear_of_alaw(alaw):
    """ITU-T G.711, table 1a, on the scale of 16 bits: the middle of the interval that each byte stands for."""
    code = numpy.frombuffer(alaw, numpy.uint8) ^ 0x55
    segment, place = (code >> 4 & 7).astype(int), (code & 15).astype(int)
    magnitude = numpy.where(segment == 0, (place << 4) + 8, ((place << 4) + 0x108) << numpy.maximum(segment - 1, 0))
    return numpy.where(code & 0x80, magnitude, -magnitude)


def linear_of_mulaw(mulaw):
    return Sound.of_mulaw(mulaw).samples.astype(int)


@pytest.mark.parametrize(("encoded", "linear"), [(0xD5, 8), (0x55, -8), (0xAA, 32256), (0x2A, -32256), (0x80, 5504)])
def test_a_laws_own_values_are_those_of_the_recommendation(encoded, linear):
    assert linear_of_alaw(bytes([encoded])) == linear


MULAW_TO_ALAW = [(0, 0), (1, 0), (2, 1), (15, 7), (16, 8), (31, 23), (32, 24), (33, 26), (35, 30), (36, 32), (47, 43), (48, 45)]
MULAW_TO_ALAW += [(49, 47), (63, 61), (64, 63), (79, 78), (80, 79), (81, 81), (95, 95), (127, 127)]
ALAW_TO_MULAW = [(0, 1), (7, 15), (8, 16), (23, 31), (24, 32), (25, 32), (31, 35), (32, 36), (43, 47), (44, 48), (45, 48)]
ALAW_TO_MULAW += [(46, 49), (61, 63), (62, 64), (63, 64), (64, 65), (79, 80), (80, 80), (81, 81), (127, 127)]
"""Rows of the tables, by the magnitudes' numbers from zero."""


@pytest.mark.parametrize(("mulaw", "alaw"), MULAW_TO_ALAW)
def test_mu_law_becomes_the_a_law_that_table_3_names(mulaw, alaw):
    assert alaw_of(bytes([0xFF ^ mulaw, 0x7F ^ mulaw])) == bytes([0xD5 ^ alaw, 0x55 ^ alaw])


@pytest.mark.parametrize(("alaw", "mulaw"), ALAW_TO_MULAW)
def test_a_law_becomes_the_mu_law_that_table_4_names(alaw, mulaw):
    assert mulaw_of(bytes([0xD5 ^ alaw, 0x55 ^ alaw])) == bytes([0xFF ^ mulaw, 0x7F ^ mulaw])


@pytest.mark.parametrize("convert_and_back", [lambda sound: mulaw_of(alaw_of(sound)), lambda sound: alaw_of(mulaw_of(sound))])
def test_there_and_back_again_settles_at_once(convert_and_back):
    once = convert_and_back(EVERY_BYTE)
    assert convert_and_back(once) == once
    assert sum(before != after for before, after in zip(EVERY_BYTE, once, strict=True)) == 16


def test_the_sound_stays_within_a_step_of_what_it_was():
    mulaw, alaw = linear_of_mulaw(EVERY_BYTE), linear_of_alaw(alaw_of(EVERY_BYTE))
    assert (numpy.sign(alaw) * numpy.sign(mulaw) >= 0).all()
    assert (abs(alaw - mulaw) <= numpy.maximum(8, abs(mulaw) / 32 + 8)).all()
    assert (
        abs(linear_of_mulaw(mulaw_of(EVERY_BYTE)) - linear_of_alaw(EVERY_BYTE)) <= abs(linear_of_alaw(EVERY_BYTE)) / 32 + 8
    ).all()


def test_louder_stays_louder():
    for sound, linear in [(alaw_of(EVERY_BYTE), linear_of_alaw), (mulaw_of(EVERY_BYTE), linear_of_mulaw)]:
        before = linear_of_mulaw(EVERY_BYTE) if linear is linear_of_alaw else linear_of_alaw(EVERY_BYTE)
        assert (numpy.diff(linear(sound)[numpy.argsort(before, kind="stable")]) >= 0).all()


def test_silence_is_as_soft_as_a_law_gets():
    assert set(linear_of_alaw(alaw_of(SILENCE))) == {8}
    assert 8 / FULL_SCALE < 10 ** (-70 / 20)
