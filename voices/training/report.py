"""The report that a training leaves beside its model: how it was made, and what it reached with people it never heard."""

from collections.abc import Sequence
from pathlib import Path

from voices.training.judge import Judgement
from voices.training.train import Schedule

_COLUMNS = ("left out", "noise", "single digits", "groups of six, apart", "groups of six, run together")


def write_report(file: Path, schedule: Schedule, shorter: Schedule, judgements: Sequence[Judgement]) -> None:
    """Writes the report as Markdown."""
    rows = [_COLUMNS, tuple("---" for _ in _COLUMNS), *map(_row, judgements)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    file.write_text(
        f"""# What the recipe reaches

Written by `python -m voices.training`: {schedule.examples:,} examples, {schedule.width} units a layer, seed {schedule.seed}.

Each row is judged with a model that was trained like the bundled one, but without this speaker, and from
{shorter.examples:,} examples. First guesses, before any check digit: isolated recordings in random order, pink noise,
mu-law, 20 ms at a time through Vosk.

{table}
""",
        encoding="utf-8",
    )


def _row(judged: Judgement) -> tuple[str, ...]:
    noise = "none" if judged.noise_decibels is None else f"{judged.noise_decibels:.0f} dB below"
    shares = (judged.digits, judged.groups_apart, judged.groups_run_together)
    return (judged.speaker, noise, *(f"{share:.1%}" for share in shares))
