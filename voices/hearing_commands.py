"""The commands of hearing: what is understood of a recording, which models there are, and fetching one of Vosk's own."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from voices import model_catalogue
from voices.faults import CannotFetch, CannotHear, NotASound
from voices.model_catalogue import PUBLISHED, PublishedModel

if TYPE_CHECKING:
    from voices.listening import Listener, Result

_MODELS_FOLDER = Path(click.get_app_dir("activation-center")) / "models"
_models_folder = click.option(
    "--into", "folder", type=click.Path(path_type=Path, file_okay=False), default=_MODELS_FOLDER, show_default=True,
    help="The folder of fetched models.",
)  # fmt: skip
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class HearingHouse(Protocol):
    """What the commands find in click's `ctx.obj`: by language the folders of the models that the operator named, and who hears
    with them or with the bundled one."""

    @property
    def models(self) -> Mapping[str, Path]: ...
    @property
    def listeners(self) -> Mapping[str, "Listener"]: ...


@click.command("hear")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", default="en", show_default=True, help="The language that is spoken.")
@_as_json
@click.pass_obj
def hear(house: HearingHouse, file: Path, language: str, as_json: bool) -> None:
    """Tells what is understood of FILE, a WAV recording."""
    try:
        results = _heard(file, language, house.listeners.get(language))
    except (CannotHear, NotASound) as fault:
        raise click.ClickException(f"{file} {fault}." if isinstance(fault, NotASound) else str(fault)) from None
    if as_json:
        click.echo(json.dumps([_told(result) for result in results], indent=2))
    elif results:
        _print(results)
    else:
        click.echo("Nothing was said that could be understood.")


@click.command("models")
@_models_folder
@_as_json
@click.pass_obj
def models(house: HearingHouse, folder: Path, as_json: bool) -> None:
    """Lists the models on this machine that hear, those fetched but not in use among them."""
    from voices.vosk_models import model_folders  # noqa: PLC0415 - loads numpy and the resampler

    used = model_folders(house.models)
    fetched = sorted(path for path in folder.glob("[!.]*") if path.is_dir() and path not in used.values())
    rows = [_model(language, path) for language, path in [*used.items(), *((None, path) for path in fetched)]]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = _table("language", "folder", "size", "words")
    for row in rows:
        size = _megabytes(row["bytes"] / 1e6) if row["bytes"] else ""
        table.add_row(row["language"] or "(fetched)", row["folder"], size, row["fault"] or str(row["words"] or "any"))
    _console().print(table)


@click.command("fetch-model")
@click.argument("model", metavar="[LANGUAGE|NAME]", required=False)
@_models_folder
@click.option("--source", default=model_catalogue.SOURCE, show_default=True, help="The address that the models are under.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
def fetch_model(model: str | None, folder: Path, source: str, is_sure: bool) -> None:
    """Fetches one of the models that Vosk's makers publish; without a name, lists them."""
    if model is None:
        return _print_published()
    found = model_catalogue.published(model)
    if found is None:
        raise click.ClickException(f"There is no model {model!r} to fetch; `voices fetch-model` lists those there are.")
    click.echo(f"{found.name}, {_megabytes(found.megabytes)}, from {source} into {folder}. Its licence is told there.")
    if not is_sure:
        click.confirm("Fetch it?", abort=True)
    try:
        target = _fetched(found, folder, source.rstrip("/"))
    except CannotFetch as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"To use it, {_how_to_name(found.language, target.absolute())}.")
    return None


def _how_to_name(language: str, folder: Path | str) -> str:
    """What an operator does to have a model used."""
    if language == "en":
        return f"set VOSK_MODEL_PATH={folder}"
    return f'write models = {{ {language} = "{folder}" }} under [hearing] in settings.toml'


def _model(language: str | None, folder: Path) -> dict[str, Any]:
    """A row of the list; `words` is None where the model does not tell how many it knows."""
    from voices.vosk_models import examine, words_of  # noqa: PLC0415 - loads numpy and the resampler

    row = {"language": language, "folder": str(folder), "bytes": None, "words": None, "fault": None}
    try:
        return {**row, "bytes": examine(folder).size_bytes, "words": words_of(folder)}
    except CannotHear as fault:
        return {**row, "fault": str(fault)}


def _heard(file: Path, language: str, listener: "Listener | None") -> list["Result"]:
    """The final results, one for each stretch of speech. Raises CannotHear, NotASound."""
    from voices.listening import CHUNK_BYTES  # noqa: PLC0415 - loads asyncio
    from voices.sound import Sound  # noqa: PLC0415 - loads numpy and the resampler

    pcm = Sound.of_wav(file.read_bytes()).pcm()
    if listener is None:
        raise CannotHear(
            f"There is no model for {language!r}: fetch one with `voices fetch-model {language}`, "
            f"and {_how_to_name(language, '/its/folder')}."
        )
    hearing = listener.listen()
    results = [hearing.feed(pcm[at : at + CHUNK_BYTES]) for at in range(0, len(pcm), CHUNK_BYTES)]
    return [result for result in (*results, hearing.finish()) if result and result.is_final and result.alternatives]


def _told(result: "Result") -> list[dict[str, object]]:
    return [
        {
            "text": each.text,
            "score": round(each.score, 2),
            "words": [
                {
                    "word": word.text,
                    "start": word.start_seconds,
                    "end": word.end_seconds,
                    "confidence": round(word.confidence, 3),
                }
                for word in each.words
            ],
        }
        for each in result.alternatives
    ]


def _print(results: list["Result"]) -> None:
    for result in results:
        words = result.alternatives[0].words
        table = _table("score", f"from {words[0].start_seconds:.2f} s to {words[-1].end_seconds:.2f} s")
        for each in result.alternatives:
            table.add_row(f"{each.score:.2f}", Text(each.text))
        _console().print(table)


def _print_published() -> None:
    table = _table("name", "language", "size", "")
    for model in PUBLISHED:
        table.add_row(model.name, model.language, _megabytes(model.megabytes), model.note)
    _console().print(table)


def _fetched(model: PublishedModel, folder: Path, source: str) -> Path:
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(model.name, total=None)
        return model_catalogue.fetch(
            model, folder, source, lambda done, total: progress.update(task, completed=done, total=total)
        )


def _megabytes(size: float) -> str:
    return f"{size / 1000:.1f} GB" if size >= 1000 else f"{size:.0f} MB" if size >= 10 else f"{size:.1f} MB"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=False)
    return table


def _console() -> Console:
    """As wide as the terminal; where there is none, nothing is folded."""
    return Console(width=None if sys.stdout.isatty() else 200)
