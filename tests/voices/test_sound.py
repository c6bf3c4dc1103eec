"""The arithmetic every sample goes through: lengths, mu-law, WAV files, level and silence."""

import io
import math
import struct
import wave
from contextlib import nullcontext

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.faults import NotASound
from voices.sound import FULL_SCALE, RATE_HZ, TARGET_LEVEL, Sound, joined, levelled, silence, trimmed

sample_lists = st.lists(st.integers(-32768, 32767), max_size=400)
sounds = sample_lists.map(lambda samples: Sound(numpy.array(samples, numpy.int16)))
MULAW_LEVELS = {  # ITU-T G.711, table 2a: the byte of each segment's first value, positive and negative, on 16 bits
    0xFF: 0, 0xEF: 132, 0xDF: 396, 0xCF: 924, 0xBF: 1980, 0xAF: 4092, 0x9F: 8316, 0x8F: 16764, 0x80: 32124,
    0x7F: 0, 0x6F: -132, 0x5F: -396, 0x4F: -924, 0x3F: -1980, 0x2F: -4092, 0x1F: -8316, 0x0F: -16764, 0x00: -32124,
}  # fmt: skip


def wav(samples: numpy.ndarray, rate_hz: int, channels: int = 1, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate_hz)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def headed(channels: int = 1, rate_hz: int = 8000, bits: int = 16, tag: int = 1, more: bytes = b"") -> bytes:
    """A WAV file of 400 zeros whose header says this; `more` is what a header of the long kind has besides."""
    of_format = struct.pack("<HHIIHH", tag, channels, rate_hz, 0, channels * bits // 8, bits) + more
    chunks = b"fmt " + struct.pack("<I", len(of_format)) + of_format + b"data" + struct.pack("<I", 400) + bytes(400)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def hum(hertz: float, seconds: float, amplitude: float = 0.5, rate_hz: int = RATE_HZ) -> numpy.ndarray:
    times = numpy.arange(round(seconds * rate_hz)) / rate_hz
    return (amplitude * (FULL_SCALE - 1) * numpy.sin(2 * math.pi * hertz * times)).astype(numpy.int16)


@given(st.lists(sounds, max_size=5))
def test_joined_sounds_last_as_long_as_their_parts(parts):
    whole = joined(parts)
    assert len(whole.samples) == sum(len(part.samples) for part in parts)
    assert whole.pcm() == b"".join(part.pcm() for part in parts)


@given(sounds)
def test_a_wav_file_holds_every_sample(sound):
    assert Sound.of_wav(sound.wav()).pcm() == sound.pcm()


@given(sounds)
def test_pcm_is_little_endian_and_comes_back(sound):
    assert Sound.of_pcm(sound.pcm()).pcm() == sound.pcm()
    assert sound.pcm() == b"".join(int(sample).to_bytes(2, "little", signed=True) for sample in sound.samples)


@pytest.mark.parametrize(("byte", "value"), MULAW_LEVELS.items())
def test_mulaw_bytes_have_the_values_of_g711(byte, value):
    assert Sound.of_mulaw(bytes([byte])).samples.tolist() == [value]


def test_mulaw_decodes_what_it_encodes_to_the_same_byte():
    positive_zero_first = bytes(byte for byte in range(256) if byte != 0x7F)  # minus nothing is nothing
    assert Sound.of_mulaw(positive_zero_first).mulaw() == positive_zero_first


def test_mulaw_errs_by_no_more_than_half_a_step():
    every = numpy.arange(-32635, 32636).astype(numpy.int16)  # beyond lies overload
    heard = Sound.of_mulaw(Sound(every).mulaw()).samples.astype(int)
    values = numpy.unique(Sound.of_mulaw(bytes(range(256))).samples.astype(int))
    steps = numpy.diff(values, prepend=values[0] - 1024, append=values[-1] + 1024)
    at = numpy.searchsorted(values, heard)
    assert (abs(heard - every) <= numpy.maximum(steps[at], steps[at + 1]) / 2 + 3).all()  # 16 bits are cut to 14 first


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 22050, 44100, 48000])
def test_a_recording_of_any_rate_keeps_its_length_pitch_and_loudness(rate_hz):
    sound = Sound.of_wav(wav(hum(440, 1.0, rate_hz=rate_hz), rate_hz))
    assert sound.seconds == pytest.approx(1.0, abs=0.001)
    assert sound.level == pytest.approx(20 * math.log10(0.5 / math.sqrt(2)), abs=0.1)
    spectrum = numpy.abs(numpy.fft.rfft(sound.samples))
    assert spectrum.argmax() * RATE_HZ / len(sound.samples) == pytest.approx(440, abs=1)


def test_what_a_telephone_cannot_carry_does_not_fold_back_into_what_it_can():
    whistle = Sound.of_wav(wav(hum(6000, 1.0, rate_hz=48000), 48000))
    assert Sound(whistle.samples[1000:-1000].copy()).level < -70  # it begins and ends with a click, which has every pitch


def test_channels_are_mixed():
    left, right = hum(440, 0.5), numpy.zeros(4000, numpy.int16)
    stereo = numpy.stack([left, right], axis=1)
    assert Sound.of_wav(wav(stereo, 8000, channels=2)).level == pytest.approx(Sound(left).level - 6.02, abs=0.1)


@pytest.mark.parametrize("width", [1, 3, 4])
def test_samples_of_every_width_are_read(width):
    sine = hum(440, 0.5).astype(numpy.int64)
    if width == 1:
        packed = (sine // 256 + 128).astype(numpy.uint8)
    else:
        packed = (sine << (8 * width - 16)).astype("<i8").view(numpy.uint8).reshape(-1, 8)[:, :width]
    assert Sound.of_wav(wav(packed, 8000, width=width)).samples == pytest.approx(sine, abs=256)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"RIFF",
        b"ID3 an mp3 file",
        wav(hum(440, 0.1), 8000)[:30],
        wav(hum(440, 0.1), 8000).replace(b"\x01\x00", b"\x07\x00", 1),
        headed(rate_hz=0),
        headed(rate_hz=1),
        headed(rate_hz=4_000_000_000),
        headed(bits=64),
        headed(channels=0),
        headed().replace(struct.pack("<I", 16), struct.pack("<I", 1 << 24), 1),
    ],
)
def test_what_is_no_wav_of_pcm_is_refused_with_a_sentence(file):
    with pytest.raises(NotASound, match="not a WAV file of PCM samples"):
        Sound.of_wav(file)


@pytest.mark.parametrize(("kind", "is_read"), [(1, True), (3, False)])
def test_pcm_named_the_long_way_as_24_bit_editors_do_is_read_and_nothing_else_is(kind, is_read):
    more = struct.pack("<HHIH", 22, 24, 4, kind) + bytes.fromhex("000000001000800000aa00389b71")
    file = headed(bits=24, tag=0xFFFE, more=more)
    with nullcontext() if is_read else pytest.raises(NotASound):
        assert len(Sound.of_wav(file).samples) == 133


@given(sounds, st.floats(0.001, 30))
def test_levelling_never_clips(sound, gain_up):
    peak = levelled(sound, TARGET_LEVEL + gain_up).peak
    assert peak <= FULL_SCALE - 1


@pytest.mark.parametrize("amplitude", [0.002, 0.05, 1.0])
@pytest.mark.parametrize("pause_seconds", [0.0, 0.5, 3.0])
def test_a_sentence_is_brought_to_the_same_level_however_loud_it_was_and_however_long_its_pauses(amplitude, pause_seconds):
    word = Sound(hum(300, 0.4, amplitude))
    assert levelled(joined((word, silence(pause_seconds), word))).level == pytest.approx(TARGET_LEVEL, abs=0.1)


@given(st.floats(0, 2), st.floats(0, 2))
def test_trimming_takes_the_silence_away_and_leaves_the_word(before_seconds, after_seconds):
    word = Sound(hum(300, 0.4))
    cut = trimmed(joined((silence(before_seconds), word, silence(after_seconds))))
    assert 0.4 <= cut.seconds <= 0.4 + 0.04
    assert numpy.argmax(cut.samples != 0) / RATE_HZ < 0.025


def test_a_soft_beginning_is_not_taken_for_silence():
    breath, word = Sound(hum(900, 0.1, 0.01)), Sound(hum(300, 0.4, 0.5))
    assert trimmed(joined((silence(0.3), breath, word))).seconds == pytest.approx(0.5, abs=0.025)


def test_silence_stays_silence():
    assert trimmed(silence(1)).seconds == 0
    assert levelled(silence(1)).peak == 0
    assert silence(0).level == -math.inf
    assert silence(-1).seconds == 0


def test_nobody_can_write_to_a_sound():
    with pytest.raises(ValueError, match="read-only"):
        silence(1).samples[0] = 1
