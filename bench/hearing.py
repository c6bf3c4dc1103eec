"""What the line understands of people it was never trained on: digits, groups, whole installation IDs, and other words.

Every speaker of the data is heard by a model that was trained without them, out of `--models`; strangers by the bundled one.
"""

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

import click
import numpy as np
from hearers import Hearer, Pocketsphinx
from hearing_report import Rejected, Report
from numpy.random import Generator
from other_words import other_sounds
from rich.console import Console
from rich.progress import track
from spoken_ids import Caller, Ids, Tally
from strangers import strangers
from telephone import Condition, Pace, Recordings, Telephone

from activation.secrets import Secrets
from data.catalogue import load_catalogue
from voices.listening import UNKNOWN
from voices.training.digits import people
from voices.vosk_models import BUNDLED

SEED = 20
RIVAL_GROUPS = 20
"""For each speaker and noise; pocketsphinx takes longer over a group than its caller."""


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("../shared/data/digits"), show_default=True,
    help="The folder of recorded digits.",
)  # fmt: skip
@click.option(
    "--models", type=click.Path(path_type=Path), default=Path("build/corpus"), show_default=True,
    help="The folder of models trained without a speaker, named like without-jackson-lucas.",
)  # fmt: skip
@click.option(
    "--prompts", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A set of prompts, as in Asterisk's sounds, for other words that people say.",
)  # fmt: skip
@click.option(
    "--strangers", "packages", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the packages of bench/strangers.py were unpacked: their voices speak too, and are heard by the bundled model.",
)  # fmt: skip
@click.option(
    "--condition", "names", multiple=True, type=click.Choice([each.name.lower() for each in Condition]), help="Only this noise."
)
@click.option("--speaker", "only", multiple=True, help="Only this speaker of the recordings.")
@click.option("--ids", default=10, show_default=True, help="IDs for each speaker, noise and pace.")
@click.option("--digits", default=100, show_default=True, help="Single digits for each speaker and noise.")
@click.option("--rivals/--no-rivals", default=True, show_default=True, help="pocketsphinx beside it.")
def main(
    data: Path,
    models: Path,
    prompts: Path | None,
    packages: Path | None,
    names: tuple[str, ...],
    only: tuple[str, ...],
    ids: int,
    digits: int,
    rivals: bool,
) -> None:
    """Measure hearing."""
    unknown_people = dict(strangers(packages)) if packages else {}
    recordings = Recordings({**people(data), **unknown_people}, prompts)
    hearers = {
        speaker: Hearer(BUNDLED["en"] if speaker in unknown_people else _model_without(speaker, models))
        for speaker in only or recordings.speakers
    }
    conditions = [each for each in Condition if not names or each.name.lower() in names]
    rng = np.random.default_rng(SEED)
    telephone = Telephone(recordings, rng)
    maker = Ids(load_catalogue(), Secrets({1: bytes(range(32))}), rng)
    singles = {each: _single_digits(hearers, telephone, each, digits, rng) for each in conditions}
    tallies: dict[tuple[Condition, Pace], dict[str, Tally]] = {}
    for condition, pace in track([(one, other) for one in conditions for other in Pace], "IDs"):
        callers = {speaker: Caller(speaker, hearer, telephone, maker) for speaker, hearer in hearers.items()}
        tallies[condition, pace] = {speaker: each.read_ids(ids, pace, condition) for speaker, each in callers.items()}
    rejected = _other_sounds(hearers, recordings, telephone, rng)
    console = Console(width=None if Console().is_terminal else 120)
    side_by_side = {each: _rivals(hearers, telephone, each, rng) for each in conditions} if rivals else {}
    report = Report(singles, tallies, rejected, side_by_side, [hearer.clock for hearer in hearers.values()])
    for part in (*report.tables(), *report.goals()):
        console.print(part, highlight=False)


def _model_without(speaker: str, models: Path) -> Path:
    """The model that never heard a speaker. Raises ClickException."""
    for folder in sorted(models.glob("without-*")):
        if speaker in folder.name.split("-")[1:] and (folder / "am").is_dir():
            return folder
    raise click.ClickException(
        f"{models} holds no model trained without {speaker}; train it with "
        f"`python -m voices.training --data ../shared/data --without {speaker} --out {models / f'without-{speaker}'}`."
    )


def _single_digits(
    hearers: Mapping[str, Hearer], telephone: Telephone, condition: Condition, count: int, rng: Generator
) -> dict[str, float]:
    """What share of single digits each speaker is understood with."""
    shares = {}
    for speaker, hearer in hearers.items():
        said = rng.choice(telephone.recordings.digits_of(speaker), count).tolist()
        heard = [hearer.results(telephone.digits(speaker, digit, Pace.APART, condition)) for digit in said]
        right = sum(hearer.first_guess(results) == digit for results, digit in zip(heard, said, strict=True))
        shares[speaker] = right / count
    return shares


def _other_sounds(
    hearers: Mapping[str, Hearer], recordings: Recordings, telephone: Telephone, rng: Generator
) -> dict[str, Rejected]:
    """What share of each kind of sound that is no word of the line is taken for none of its words; models take turns."""
    turns, shares = cycle(hearers.values()), {}
    for kind, sounds in other_sounds(recordings, rng):
        unheard = ignored = 0
        for sound in sounds:
            hearer = next(turns)
            results = hearer.results(telephone.words([sound], Pace.APART, Condition.CLEAN))
            unheard += all(set(result.text.split()) <= {UNKNOWN} for result in results)
            ignored += not any(map(hearer.is_obeyed, results))
        shares[kind] = Rejected(unheard / len(sounds), ignored / len(sounds))
    return shares


def _rivals(hearers: Mapping[str, Hearer], telephone: Telephone, condition: Condition, rng: Generator) -> tuple[float, float]:
    """What share of the same groups pocketsphinx gets right on the first guess, and ours."""
    rival, right, ours = Pocketsphinx(), 0, 0
    for speaker, hearer in hearers.items():
        for _ in range(RIVAL_GROUPS):
            said = "".join(rng.choice(telephone.recordings.digits_of(speaker), 6))
            spoken = telephone.digits(speaker, said, Pace.APART, condition)
            right += rival.first_guess(spoken) == said
            ours += hearer.first_guess(hearer.results(spoken, len(said))) == said
    return right / (RIVAL_GROUPS * len(hearers)), ours / (RIVAL_GROUPS * len(hearers))


if __name__ == "__main__":
    main()
