"""The line's words as people of other languages say them, each alone: synthetic voices whose languages training never had.

Beside them American English in the same variants, which the bundled model did learn from: the most that can be expected.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np
from hearers import Hearer
from numpy.random import Generator
from rich.console import Console
from rich.progress import track
from rich.table import Table
from telephone import Condition, Pace, Recordings, Telephone

from voices.training import accents
from voices.training.digits import people
from voices.training.espeak import EspeakVoice
from voices.training.units import COMMANDS, DIGITS, WORDS, Unit
from voices.vosk_models import BUNDLED

SEED = 21
ENGLISH = "en-us"
VARIANTS = ("", "+f2", "+m3", "+Annie", "+max", "+klatt2")
PACES = (130, 190)
"""Words a minute."""


@click.command()
@click.option(
    "--model", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another model than the bundled one."
)
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("../shared/data/digits"), show_default=True,
    help="The folder of recorded digits, out of which the line's faint murmur is made.",
)  # fmt: skip
def main(model: Path | None, data: Path) -> None:
    """Measure the hearing of accents."""
    rng = np.random.default_rng(SEED)
    telephone, hearer = Telephone(Recordings(people(data), None), rng), Hearer(model or BUNDLED["en"])
    spelled = {ENGLISH: {unit.name: unit.name for unit in WORDS}, **accents.spellings(Path(__file__).with_name("accents.toml"))}
    heard = {
        language: {word: _share_heard(hearer, telephone, language, word, text, rng) for word, text in words.items()}
        for language, words in track(spelled.items(), "languages")
    }
    table = Table("voices of", "digits", "commands", title=f"Words alone on a clean line, {len(VARIANTS)} voices each")
    for language, shares in heard.items():
        table.add_row(language, *(f"{_mean(shares, units):.0%}" for units in (DIGITS, COMMANDS)))
    console = Console(width=None if Console().is_terminal else 120)
    console.print(table)
    foreign = [shares for language, shares in heard.items() if language != ENGLISH]
    for what, units in (("digits", DIGITS), ("commands", COMMANDS)):
        share = float(np.mean([_mean(shares, units) for shares in foreign]))
        console.print(
            f"With an accent {share:.0%} of {what}: {share / _mean(heard[ENGLISH], units):.2f} of English", highlight=False
        )


def _share_heard(hearer: Hearer, telephone: Telephone, language: str, word: str, text: str, rng: Generator) -> float:
    """What share of a language's voices this word is understood from."""
    voices = [EspeakVoice(language + variant, int(rng.integers(*PACES)), 50) for variant in VARIANTS]
    sent = [telephone.words([voice.speak(text)], Pace.APART, Condition.CLEAN) for voice in voices]
    return float(np.mean([" ".join(result.text for result in hearer.results(each)) == word for each in sent]))


def _mean(shares: Mapping[str, float], units: Sequence[Unit]) -> float:
    return float(np.mean([shares[unit.name] for unit in units]))


if __name__ == "__main__":
    main()
