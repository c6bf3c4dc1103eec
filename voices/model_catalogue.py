"""Vosk's own models, and fetching one: only ever when a person asks for it."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile, ZipInfo

import requests

from voices.faults import CannotFetch

SOURCE = "https://alphacephei.com/vosk/models"
"""Where Vosk's makers publish their models, with the licence of each."""
_TIMEOUT_SECONDS = 30.0
_PIECE_BYTES = 1 << 16
_MOST_EXPANSION = 20
"""How many times its archive's size a model takes at most; theirs take twice."""


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """A model of Vosk's makers. Small ones take a vocabulary, large ones have their own and a few GB of memory."""

    name: str
    language: str
    megabytes: int
    note: str


_SMALL, _LARGE = "small; told our words, it hears little else", "large; hears everything"

PUBLISHED = (
    PublishedModel("vosk-model-small-en-us-0.15", "en", 40, _SMALL),
    PublishedModel("vosk-model-en-us-0.22", "en", 1800, _LARGE),
    PublishedModel("vosk-model-small-de-0.15", "de", 45, _SMALL),
    PublishedModel("vosk-model-de-0.21", "de", 1900, _LARGE),
    PublishedModel("vosk-model-small-fr-0.22", "fr", 41, _SMALL),
    PublishedModel("vosk-model-fr-0.22", "fr", 1400, _LARGE),
    PublishedModel("vosk-model-small-es-0.42", "es", 39, _SMALL),
    PublishedModel("vosk-model-es-0.42", "es", 1400, _LARGE),
)
"""Sizes are those of the archives, as the source tells them."""


def published(wanted: str) -> PublishedModel | None:
    """The model of this name, else the first of this language."""
    return next((model for model in PUBLISHED if wanted in (model.name, model.language)), None)


def fetch(model: PublishedModel, folder: Path, source: str, progress: Callable[[int, int | None], None]) -> Path:
    """Downloads and unpacks a model into a folder, whole or not at all; the folder of the model.

    `progress` hears the bytes so far and of how many, where the server tells. Raises CannotFetch with a sentence.
    """
    target = folder / model.name
    if target.exists():
        raise CannotFetch(f"{target} is there already; use it, or remove it first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{model.name}-", dir=folder, ignore_cleanup_errors=True) as workshop:
            archive = Path(workshop, "model.zip")
            _download(f"{source}/{model.name}.zip", archive, progress)
            _unpack(archive, Path(workshop)).rename(target)
    except requests.HTTPError as fault:
        raise CannotFetch(f"{fault}; the models may have moved, and --source names another address.") from None
    except requests.RequestException:
        raise CannotFetch(
            f"{source} could not be reached, or broke off; check the address and the network, and try again."
        ) from None
    except OSError as fault:
        raise CannotFetch(f"{model.name} could not be kept in {folder}: {fault}.") from None
    return target


def _download(address: str, file: Path, progress: Callable[[int, int | None], None]) -> None:
    with requests.get(address, stream=True, timeout=_TIMEOUT_SECONDS) as answer, file.open("wb") as archive:
        answer.raise_for_status()
        promised = int(answer.headers["Content-Length"]) if answer.headers.get("Content-Length", "").isdecimal() else None
        for piece in answer.iter_content(_PIECE_BYTES):
            archive.write(piece)
            progress(archive.tell(), promised)
        if promised is not None and archive.tell() != promised:
            raise CannotFetch(f"{address} broke off after {archive.tell()} of {promised} bytes; try again.")


def _unpack(archive: Path, workshop: Path) -> Path:
    """The folder in the archive that is the model. Raises CannotFetch for anything but a model's archive."""
    unpacked = workshop / "unpacked"
    try:
        with ZipFile(archive) as zipped:
            for member in zipped.infolist():
                _check_stays_inside(member)
            _check_size(zipped.infolist(), archive.stat().st_size)
            zipped.extractall(unpacked)
    except (BadZipFile, EOFError, RuntimeError, zlib.error):  # all that zipfile raises for what it cannot unpack
        raise CannotFetch(
            "What came is no ZIP archive that can be unpacked; the address may have moved, or a proxy has answered instead."
        ) from None
    tops = list(unpacked.iterdir())
    if len(tops) != 1 or not any((tops[0] / part).is_file() for part in ("am/final.mdl", "final.mdl")):
        raise CannotFetch("What came is no archive of a Vosk model: it holds no folder with a final.mdl.")
    return tops[0]


def _check_size(members: Iterable[ZipInfo], archive_bytes: int) -> None:
    """By what the archive says of itself: zipfile unpacks no more of a member than that."""
    unpacked_bytes = sum(member.file_size for member in members)
    if unpacked_bytes > _MOST_EXPANSION * archive_bytes:
        raise CannotFetch(f"The archive of {archive_bytes} bytes would unpack to {unpacked_bytes}, which no model's does.")


def _check_stays_inside(member: ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        raise CannotFetch(f"The archive holds {member.filename!r}, which would be unpacked elsewhere; it is not to be trusted.")
