"""What speaking costs and how even it sounds: the whole script prepared, kept sentences fetched, every sound measured.

The digits of our voice are also given to our listener, through the µ-law of a telephone line.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import click
import numpy
from goals import goal
from instance import new_house
from rich.console import Console
from rich.progress import track
from rich.table import Table

from house.instance import House
from voices.cache import SoundCache
from voices.listening import CHUNK_BYTES
from voices.sound import FULL_SCALE, RATE_HZ, Sound, joined, silence
from voices.speaking import Voices
from voices.vosk_listener import VoskListener
from voices.vosk_models import model_folders

GOAL_PREPARED_SECONDS = 60
GOAL_KEPT_MS = 1.0
GOAL_DECIBELS = 1.0
GOAL_SILENCE_MS = 100
SILENT = FULL_SCALE // 100
"""A hundredth of full scale (-40 dBFS): below it an ear at a receiver hears nothing."""
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
GROUPS = ("123456", "789012", "334455", "604189", "271828", "900700")


@click.command()
@click.option(
    "--model", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A Vosk model; else the bundled one."
)
def main(model: Path | None) -> None:
    """Measure speaking; under two minutes."""
    console = Console(highlight=False)
    with new_house("sqlite") as house:
        prepared_seconds = prepare(house)
        fetched = {name: measure(fetch) for name, fetch in fetches(house).items()}
        report_costs(console, prepared_seconds, fetched)
        report_sounds(console, house)
        report_digits(console, house, model or model_folders(house.models)["en"])


def everything(house: House) -> Iterator[tuple[str, str]]:
    """Each language with each of its sentences and characters."""
    studio = house.voices.studio
    return ((language, said.text) for language in studio.languages for said in studio.all(language))


def prepare(house: House) -> float:
    """Speaks the whole script into an empty cache; the seconds it took."""
    began = time.perf_counter()
    for language, text in track(list(everything(house)), description="The script"):
        house.voices.sentence(text, language)
    return time.perf_counter() - began


def fetches(house: House) -> Mapping[str, Callable[[], object]]:
    """Three ways to a sentence's sound, which take turns: the least there can be, from the disk, and from memory."""
    text = house.scripts["en"].sentence("entry.first")
    kept, copy = house.voices.sentence(text, "en"), house.home / "floor"
    copy.write_bytes(kept.wav())
    return {
        "floor: the same bytes read from a file": copy.read_bytes,
        "first time in a process, from the disk": lambda: newly_opened(house).sentence(text, "en").pcm(),
        "from then on, as 16 bits": lambda: house.voices.sentence(text, "en").pcm(),
        "from then on, as mu-law": lambda: house.voices.sentence(text, "en").mulaw(),
    }


def newly_opened(house: House) -> Voices:
    """The voices of a process that has said nothing yet."""
    return Voices(house.voices.speaker, SoundCache(house.home / "voices"), house.voices.studio)


def measure(work: Callable[[], object], times: int = 500) -> list[float]:
    """Milliseconds, each time."""
    work()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def report_costs(console: Console, prepared_seconds: float, fetched: Mapping[str, list[float]]) -> None:
    """The table of fetching, and whether the goals are met."""
    table = Table("A kept sentence", "p50 ms", "p99 ms")
    for name, took in fetched.items():
        table.add_row(name, f"{median(took):.3f}", f"{quantiles(took, n=100)[98]:.3f}")
    console.print(table)
    slowest = max(median(took) for took in fetched.values())
    console.print(goal("a kept sentence to audio, p50, the slowest way", slowest, GOAL_KEPT_MS, " ms"))
    console.print(goal("the whole script prepared", prepared_seconds, GOAL_PREPARED_SECONDS, " s"))


@dataclass(frozen=True, slots=True)
class Measured:
    """One sound by our ears: its active level in dBov, its peak of full scale, and the silence before it."""

    text: str
    level: float
    peak: float
    silence_ms: float

    @classmethod
    def of(cls, text: str, sound: Sound) -> "Measured":
        first = int(numpy.argmax(numpy.abs(sound.samples.astype(int)) > SILENT))
        return cls(text, sound.level, sound.peak / FULL_SCALE, 1000 * first / RATE_HZ)


def report_sounds(console: Console, house: House) -> None:
    """Loudness, clipping and silence of everything the line says, by language."""
    table = Table("Language", "sounds", "level dBov", "highest peak", "longest silence before, ms")
    measured: dict[str, list[Measured]] = {}
    for language, text in everything(house):
        measured.setdefault(language, []).append(Measured.of(text, house.voices.sentence(text, language)))
    for language, found in measured.items():
        levels, peak = [each.level for each in found], max(each.peak for each in found)
        waits = max(each.silence_ms for each in found)
        table.add_row(language, str(len(found)), f"{min(levels):.2f} to {max(levels):.2f}", f"{peak:.2f}", f"{waits:.0f}")
    console.print(table)
    every = [each for found in measured.values() for each in found]
    levels = [each.level for each in every]
    console.print(goal("loudest over softest", max(levels) - min(levels), GOAL_DECIBELS, " dB"))
    console.print(goal("clipped sounds", sum(each.peak > (FULL_SCALE - 2) / FULL_SCALE for each in every), 0))
    console.print(goal("longest silence before a sound", max(each.silence_ms for each in every), GOAL_SILENCE_MS, " ms"))


def report_digits(console: Console, house: House, model: Path | None) -> None:
    """How many of our voice's digits our listener understands: alone, and six at the pace of a read-back."""
    if model is None:
        console.print("No model hears English here: name one with --model.")
        return
    listener = VoskListener(model)
    table = Table("Digits heard", "of", "misheard")
    for name, strings in (("alone", "0123456789"), ("in groups at the pace of a read-back", GROUPS)):
        heard = {digits: understood(listener, house.voices.characters(digits, "en", house.pace_seconds)) for digits in strings}
        wrong = {digits: text for digits, text in heard.items() if text != " ".join(WORDS[int(digit)] for digit in digits)}
        table.add_row(
            name, str(len(heard)), "; ".join(f"{digits}: {text or 'nothing'}" for digits, text in wrong.items()) or "none"
        )
        console.print(goal(f"misheard {name}", len(wrong), 0))
    console.print(table)


def understood(listener: VoskListener, sound: Sound) -> str:
    """What the listener hears of a sound that comes over a telephone line."""
    line = Sound.of_mulaw(joined((silence(0.5), sound, silence(0.8))).mulaw()).pcm()
    hearing = listener.listen()
    results = [hearing.feed(line[start : start + CHUNK_BYTES]) for start in range(0, len(line), CHUNK_BYTES)]
    final = [result.text for result in results if result and result.is_final]
    return " ".join([*final, hearing.finish().text]).strip()


if __name__ == "__main__":
    main()
