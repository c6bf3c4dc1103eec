"""The commands of speaking: `voices say`, `list`, `prepare` and `missing`."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from voices.faults import CannotSpeak

if TYPE_CHECKING:
    from voices.speaking import Voices

_one_language = click.option("--language", metavar="CODE", help="Only this language.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class SpeakingHouse(Protocol):
    """What the commands find in click's `ctx.obj`.

    `open_sentences` are, by language, the keys that no recording can stand for, with what fills them during a call.
    """

    @property
    def voices(self) -> "Voices": ...
    @property
    def pace_seconds(self) -> float: ...
    @property
    def open_sentences(self) -> Mapping[str, Mapping[str, Sequence[str]]]: ...


@click.group()
def voices() -> None:
    """How the line speaks and hears."""


@voices.command("say")
@click.argument("text")
@click.option("--language", default="en", show_default=True, help="The language it is spoken in.")
@click.option("--out", type=click.File("wb", lazy=True), required=True, metavar="FILE", help="The WAV file to write.")
@click.option("--spell", is_flag=True, help="One digit or letter after the other, as in a read-back.")
@click.option("--pace", type=click.FloatRange(0, 10), metavar="SECONDS", help="Seconds from one to the next; else as set.")
@click.pass_obj
def say(house: SpeakingHouse, text: str, language: str, out: IO[bytes], spell: bool, pace: float | None) -> None:
    """Speaks TEXT into a WAV file, as a caller would hear it."""
    text = text.encode(errors="replace").decode()  # a terminal may hand over bytes that are no text
    if spell:
        sound = house.voices.characters(text, language, house.pace_seconds if pace is None else pace)
    else:
        sound = house.voices.sentence(text, language)
    out.write(sound.wav())
    click.echo(f"{out.name}: {sound.seconds:.1f} s", err=out.name == "-")


@voices.command("list")
@_as_json
@click.pass_obj
def list_voices(house: SpeakingHouse, as_json: bool) -> None:
    """Lists for each language of the line the voice it is spoken with, others to choose from, and recordings."""
    rows = [_language(house.voices, language) for language in house.voices.studio.languages]
    files, size_bytes = house.voices.cache.size()
    if as_json:
        kept = {"folder": str(house.voices.cache.folder), "files": files, "bytes": size_bytes}
        click.echo(json.dumps({"languages": rows, "cache": kept}, indent=2, ensure_ascii=False))
        return
    table = Table("Language", "Voice", "Recorded", "To choose from")
    for row in rows:
        recorded = f"{row['recorded']} of {row['sentences']}"
        table.add_row(row["language"], row["voice"] or row["fault"], recorded, ", ".join(row["installed"]))
    Console(highlight=False).print(table)
    click.echo(f"Kept in {house.voices.cache.folder}: {files} sounds, {size_bytes / 1e6:.1f} MB.")


@voices.command("prepare")
@_one_language
@click.pass_obj
def prepare(house: SpeakingHouse, language: str | None) -> None:
    """Speaks everything the line commonly says, so that no caller waits for it."""
    began = time.monotonic()
    faults = {each: fault for each in _chosen(house, language) if (fault := _prepare(house.voices, each))}
    for each, fault in faults.items():
        click.echo(f"{each}: {fault}", err=True)
    if faults:
        raise click.ClickException(f"Not everything can be spoken: {', '.join(faults)}.")
    files, size_bytes = house.voices.cache.size()
    click.echo(f"Ready in {time.monotonic() - began:.1f} s: {files} sounds are kept, {size_bytes / 1e6:.1f} MB.")


@voices.command("missing")
@_one_language
@_as_json
@click.pass_obj
def missing(house: SpeakingHouse, language: str | None, as_json: bool) -> None:
    """Lists the sentences that nobody has recorded, by the names their files would have."""
    found = {each: _missing(house, each) for each in _chosen(house, language)}
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for each, report in found.items():
        _print_missing(house, each, report)


def _chosen(house: SpeakingHouse, language: str | None) -> tuple[str, ...]:
    """The languages of the line, or the one asked for. Raises ClickException for another."""
    known = house.voices.studio.languages
    if language and language not in known:
        raise click.ClickException(f"The line does not speak {language!r}; its languages are {', '.join(known)}.")
    return (language,) if language else known


def _language(voices: "Voices", language: str) -> dict[str, Any]:
    every, lacking = len(voices.studio.all(language)), len(voices.studio.missing(language))
    row: dict[str, Any] = {"language": language, "recorded": every - lacking, "sentences": every}
    try:
        installed = [voice.name for voice in voices.speaker.installed() if voice.locale.split("-")[0] == language]
        return {**row, "installed": installed, "voice": voices.speaker.voice_of(language).name, "fault": None}
    except CannotSpeak as fault:
        return {**row, "installed": [], "voice": None, "fault": str(fault)}


def _prepare(voices: "Voices", language: str) -> CannotSpeak | None:
    """Speaks everything of a language; why it cannot be spoken, if it cannot."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        try:
            for said in progress.track(voices.studio.all(language), description=language):
                if len(said.text) == 1:
                    voices.character(said.text, language)
                else:
                    voices.sentence(said.text, language)
        except CannotSpeak as fault:
            return fault
    return None


def _missing(house: SpeakingHouse, language: str) -> dict[str, Any]:
    studio = house.voices.studio
    return {
        "missing": {spoken.key: spoken.text for spoken in studio.missing(language)},
        "cannot_be_recorded": {key: list(names) for key, names in house.open_sentences[language].items()},
        "faults": list(studio.faults(language)),
    }


def _print_missing(house: SpeakingHouse, language: str, report: Mapping[str, Any]) -> None:
    every, lacking = len(house.voices.studio.all(language)), len(report["missing"])
    click.echo(f"{language}: {every - lacking} of {every} are recorded.")
    for key, text in report["missing"].items():
        click.echo(f"  {key}.wav  {text}")
    for key, names in report["cannot_be_recorded"].items():
        click.echo(f"  {key} cannot be recorded: it is known only during a call ({', '.join(names)}).")
    for fault in report["faults"]:
        click.echo(f"  {fault}")
