"""`python -m voices.training`: the bundled recogniser's model from the data, in one command."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from voices.training.corpus import Corpus, collect
from voices.training.digits import people
from voices.training.graph import GraphCosts
from voices.training.judge import CONDITIONS, judge
from voices.training.kaldi_files import write_model
from voices.training.report import write_report
from voices.training.train import Schedule, train

BUNDLED = Path(__file__).parent.parent / "models" / "digits-en-8k"
FOLD_SHARE = 1 / 10
"""So many of the bundled model's examples are enough to judge the recipe: the command takes about an hour on two cores."""

CORPUS_SEED = 4
"""What the converted and synthetic voices are drawn with."""

_PATH = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--data", type=_FOLDER, required=True, help="The folder with digits/ and an4/.")
@click.option("--out", type=_PATH, default=BUNDLED, show_default="the bundled model's", help="The model's folder.")
@click.option("--cache", type=_PATH, default=Path("build/corpus"), show_default=True, help="Keeps the corpus.")
@click.option("--without", multiple=True, metavar="SPEAKER", help="Leave this speaker out, and train this one model only.")
@click.option("--examples", default=Schedule().examples, show_default=True, help="How many examples each model learns from.")
@click.option("--seed", default=Schedule().seed, show_default=True, help="Another seed draws other examples.")
def main(data: Path, out: Path, cache: Path, without: tuple[str, ...], examples: int, seed: int) -> None:
    """Train the digit recogniser; without --without, judge the recipe by leaving speakers out first, and write a report."""
    schedule = Schedule(examples=examples, seed=seed)
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()) as progress:
        corpus = _collected(data, cache, progress)
        for sentence in corpus.missing:
            progress.console.print(sentence)
        if without:
            _trained(corpus, without, schedule, out, progress)
            return
        speakers = people(data / "digits")
        folds = {speaker: cache / f"without-{speaker}" for speaker in speakers}
        shorter = replace(schedule, examples=int(schedule.examples * FOLD_SHARE))
        for speaker, fold in folds.items():
            _trained(corpus, (speaker,), shorter, fold, progress)
        judgements = list(progress.track(judge(folds, speakers), len(folds) * len(CONDITIONS), description="judging"))
        _trained(corpus, (), schedule, out, progress)
    write_report(out / "report.md", schedule, shorter, judgements)
    click.echo(f"The model is in {out}, what it reached in {out / 'report.md'}.")


def _collected(data: Path, cache: Path, progress: Progress) -> Corpus:
    tasks = {}

    def report(part: str, done: int, total: int) -> None:
        if part not in tasks:
            tasks[part] = progress.add_task(f"speech: {part}", total=total)
        progress.update(tasks[part], completed=done)

    return collect(data, cache, CORPUS_SEED, report)


def _trained(corpus: Corpus, without: Sequence[str], schedule: Schedule, out: Path, progress: Progress) -> None:
    """Trains on everybody but the speakers left out, conversions of their voices included, and writes the model."""
    heard = [each for each in corpus.utterances if each.speaker.split("/")[0] not in without]
    name = f"without {', '.join(without)}" if without else "everybody"
    task = progress.add_task(f"training: {name}", total=schedule.steps)
    network = train(
        heard,
        schedule,
        lambda step, value: progress.update(task, completed=step, description=f"training: {name} ({value:+.3f})"),
    )
    write_model(out, network, GraphCosts())


if __name__ == "__main__":
    main()
