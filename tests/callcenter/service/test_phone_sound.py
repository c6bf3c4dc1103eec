"""The arithmetic of the browser's telephone, in the browser, held against our own and against what a telephone line carries."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import pytest
from flask import Flask
from playwright.sync_api import Browser

from callcenter.service.phone import Phones, phone_blueprint
from voices.sound import Sound

RESAMPLED = """async ([from, to, samples, piece]) => {
    const { Resampler } = await import("/phone/static/resampling.js");
    const resampler = new Resampler(from, to);
    const output = [];
    for (let start = 0; start < samples.length; start += piece) output.push(...resampler.process(Float32Array.from(samples.slice(start, start + piece))));
    return output;
}"""
JITTERED = """async (story) => {
    const { JitterBuffer } = await import("/phone/static/jitter.js");
    const buffer = new JitterBuffer();
    return story.map((step) => Array.isArray(step) ? (buffer.push(step), null) : [...buffer.pull(step)]);
}"""


@pytest.fixture(scope="module")
def run(launch: Callable[..., Browser], serve_app: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Runs a function with the page's own modules."""
    app = Flask("phones", static_folder=None)
    app.register_blueprint(phone_blueprint("The Line", Phones("AC", "t" * 32, lambda: None)))
    with serve_app(app) as address:
        page = launch().new_page()
        page.goto(f"{address}/phone")
        yield page.evaluate


def tone(hertz: float, rate: int, seconds: float = 0.5) -> list[float]:
    return [0.5 * math.sin(2 * math.pi * hertz * index / rate) for index in range(int(rate * seconds))]


def loudness(samples: list[float]) -> float:
    """Root mean square without the beginning, in which the filter fills."""
    settled = numpy.array(samples[len(samples) // 5 :])
    return float(numpy.sqrt(numpy.mean(settled**2)))


def test_companding_is_that_of_g_711_both_ways(run):
    js = "async (samples) => { const { encode, decode } = await import('/phone/static/companding.js'); return [[...encode(samples)], [...decode(Uint8Array.from({ length: 256 }, (_, code) => code))]]; }"
    linear = numpy.arange(-32768, 32768, 7, dtype=numpy.int16)
    encoded, decoded = run(js, [float(sample) / 32768 for sample in linear])
    ours = Sound(linear).mulaw()
    back = Sound.of_mulaw(bytes(range(256))).samples
    assert (
        numpy.abs(Sound.of_mulaw(bytes(encoded)).samples.astype(int) - Sound.of_mulaw(ours).samples.astype(int)).max() <= 1024
    )
    assert sum(a != b for a, b in zip(bytes(encoded), ours, strict=True)) < len(linear) * 0.01
    assert numpy.allclose(numpy.array(decoded) * 32768, back, atol=4)


@pytest.mark.parametrize("rate", [48000, 44100])
@pytest.mark.parametrize("hertz", [300, 1000, 2000, 3000])
def test_what_a_telephone_carries_stays_as_loud_both_ways(run, rate, hertz):
    down = run(RESAMPLED, [rate, 8000, tone(hertz, rate), 128])
    assert len(down) == pytest.approx(4000, abs=60)
    assert loudness(down) == pytest.approx(0.5 / math.sqrt(2), rel=0.05)
    up = run(RESAMPLED, [8000, rate, tone(hertz, 8000), 16])
    assert loudness(up) == pytest.approx(0.5 / math.sqrt(2), rel=0.05)


@pytest.mark.parametrize("hertz", [4500, 6500, 9000, 15000])
def test_what_it_does_not_carry_is_left_out_and_not_folded_back(run, hertz):
    assert loudness(run(RESAMPLED, [48000, 8000, tone(hertz, 48000), 128])) < 0.5 * 10 ** (-50 / 20)


def test_on_the_way_up_no_mirror_image_is_heard(run):
    up = numpy.array(run(RESAMPLED, [8000, 48000, tone(1000, 8000), 16]))[4800:19200]
    spectrum = numpy.abs(numpy.fft.rfft(up * numpy.hanning(len(up))))
    hertz = numpy.fft.rfftfreq(len(up), 1 / 48000)
    assert spectrum[hertz > 4400].max() < spectrum.max() * 10 ** (-50 / 20)


def test_pieces_of_any_length_give_the_same_sound(run):
    sound = tone(700, 48000, 0.1)
    whole, pieces = (run(RESAMPLED, [48000, 8000, sound, piece]) for piece in (len(sound), 37))
    assert pieces == whole


def test_sound_that_comes_in_gusts_is_heard_evenly_and_never_late(run):
    heard = run(JITTERED, [16, [0.25] * 600, 16, [0.25] * 40, 16, 16])
    assert heard[0] == [0] * 16, "nothing is there"
    assert heard[2] == [0] * 16, "less than 80 ms are there"
    assert heard[4] == heard[5] == [0.25] * 16

    gust = [*([0.25] * 1600), *([0.5] * 8)]
    assert run(JITTERED, [gust, 648, 1])[1:] == [[0.25] * 640 + [0.5] * 8, [0]], "of what is too much, the oldest goes"


def test_after_a_gap_a_cushion_is_gathered_again(run):
    heard = run(JITTERED, [[0.25] * 640, 640, 16, [0.5] * 160, 16, [0.5] * 480, 16])
    assert heard[1] == [0.25] * 640
    assert heard[2] == heard[4] == [0] * 16
    assert heard[6] == [0.5] * 16
