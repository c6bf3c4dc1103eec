"""What a model understands of people it never heard and who are no source of it: voices of games and clocks, women among them.

They are in five of Debian's packages, which need not be installed:

    apt-get download kajongg csmash-data saytime tuxpaint-stamps-default asterisk-core-sounds-en-wav
    for package in *.deb; do dpkg-deb -x $package strangers; done
    python bench/strangers.py strangers
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voices.sound import RATE_HZ, Sound, trimmed
from voices.training.an4 import ANALYSIS_RATE_HZ
from voices.training.an4_words import cuts
from voices.training.digits import DigitsOf
from voices.training.judge import CONDITIONS, Judgement, judge
from voices.vosk_models import BUNDLED

Samples = NDArray[np.float64]

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SINGLE_DIGITS = {
    "prompts": "usr/share/asterisk/sounds/en_US_f_Allison/digits/{digit}.wav",
    "clock": "usr/share/saytime/{digit}.au",
    "tennis": "usr/share/games/csmash/wav/{word}.wav",
    "paint": "usr/share/tuxpaint/stamps/symbols/math/{digit}.ogg",
    "paint-gb": "usr/share/tuxpaint/stamps/symbols/math/{digit}_en_GB.ogg",
}
TILES = "usr/share/kajongg/voices/{voice}/{suit}{digit}.ogg"
TILE_VOICES = ("female1", "female2", "male1", "male2")
SUITS = {"b": "bamboo", "c": "character", "s": "circle"}
"""The players of Mah Jongg call their tiles "bamboo one" and the like; there is no zero."""
AROUND_FRAMES = 6


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--model", type=click.Path(path_type=Path, exists=True), default=BUNDLED["en"], show_default="the bundled one")
def main(folder: Path, model: Path) -> None:
    """Judge a model by the people in FOLDER, where Debian's packages were unpacked."""
    people = dict(strangers(folder))
    if not people:
        raise click.ClickException(f"{folder} holds none of the packages; {__doc__.partition(':')[2].strip()}")
    rows = judge(dict.fromkeys(people, model), people)
    judged = list(track(rows, "people, each in several noises", total=len(people) * len(CONDITIONS)))
    Console().print(_table(people, judged))


def strangers(folder: Path) -> Iterator[tuple[str, DigitsOf]]:
    """Everybody whose package is there, with their digits, trimmed, peak at half of full scale."""
    for voice in TILE_VOICES:
        if recordings := _called_tiles(folder, voice):
            yield voice, recordings
    for speaker, path in SINGLE_DIGITS.items():
        files = {digit: folder / path.format(digit=digit, word=word) for digit, word in enumerate(WORDS)}
        if recordings := {digit: [_telephoned(_read(file))] for digit, file in files.items() if file.exists()}:
            yield speaker, recordings


def _called_tiles(folder: Path, voice: str) -> Mapping[int, Sequence[NDArray[np.float32]]]:
    """The digits cut out of the names of tiles."""
    found: dict[int, list[NDArray[np.float32]]] = {}
    for suit, name in SUITS.items():
        for digit in range(1, 10):
            file = folder / TILES.format(voice=voice, suit=suit, digit=digit)
            if file.exists() and (cut := _cut_out(_read(file), name, WORDS[digit])) is not None:
                found.setdefault(digit, []).append(_telephoned(cut))
    return found


def _cut_out(sound: Samples, name: str, word: str) -> Samples | None:
    quiet = np.pad(sound, ANALYSIS_RATE_HZ // 10)
    frame = ANALYSIS_RATE_HZ // 100
    for cut in cuts((quiet * 32767).astype(np.int16), (name, word)):
        if cut.word == word:
            return quiet[(cut.first - 1) * frame : (cut.end + AROUND_FRAMES) * frame]
    return None


def _read(file: Path) -> Samples:
    """At 16 kHz, peak at half of full scale."""
    samples, rate_hz = soundfile.read(file, always_2d=True)
    sound = soxr.resample(samples.mean(axis=1), rate_hz, ANALYSIS_RATE_HZ)
    return np.asarray(0.5 * sound / max(float(np.abs(sound).max()), 1e-9))


def _telephoned(sound: Samples) -> NDArray[np.float32]:
    samples = soxr.resample(sound, ANALYSIS_RATE_HZ, RATE_HZ)
    return np.asarray(trimmed(Sound((samples * 32767).astype(np.int16))).samples / 32768, np.float32)


def _table(people: Mapping[str, DigitsOf], judged: Sequence[Judgement]) -> Table:
    table = Table(title="first guesses, %: clean, at 20 dB, at 10 dB")
    for column in ("speaker", "recordings", "single digits", "groups of six, apart", "groups of six, run together"):
        table.add_column(column, justify="left" if column == "speaker" else "right")
    for speaker, recordings in people.items():
        theirs = [each for each in judged if each.speaker == speaker]
        table.add_row(speaker, str(sum(map(len, recordings.values()))), *_shares(theirs))
    conditions = dict.fromkeys(each.noise_decibels for each in judged)
    means = [_mean([each for each in judged if each.noise_decibels == noise]) for noise in conditions]
    table.add_row("mean", "", *_shares(means))
    return table


def _mean(judged: Sequence[Judgement]) -> Judgement:
    shares = np.mean([(each.digits, each.groups_apart, each.groups_run_together) for each in judged], axis=0)
    return Judgement("mean", judged[0].noise_decibels, *map(float, shares))


def _shares(judged: Sequence[Judgement]) -> tuple[str, str, str]:
    single = " ".join(f"{each.digits:4.0%}" for each in judged)
    apart = " ".join(f"{each.groups_apart:4.0%}" for each in judged)
    return single, apart, " ".join(f"{each.groups_run_together:4.0%}" for each in judged)


if __name__ == "__main__":
    main()
