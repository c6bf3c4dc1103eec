"""The folders of Vosk's models: the bundled one's, those the operator named, and what a folder tells without loading it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from voices.faults import CannotHear
from voices.sound import RATE_HZ

BUNDLED: Mapping[str, Path] = {"en": Path(str(files("voices"))) / "models" / "digits-en-8k"}
"""The models that come with this software, by language."""
_KALDI_RATE_HZ = 16000
_VOSK_SUBSAMPLING = 3
_MEMORY_FILE = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder with a Vosk model. `rate_hz` is its sound's; its times are `time_scale` of those that Vosk tells.

    Vosk takes every model's outputs to be 30 ms apart; a model says in `frame-subsampling-factor` how many frames of 10 ms.
    """

    path: Path
    rate_hz: int
    time_scale: float
    is_dynamic: bool
    """Whether its graph can be restricted to a vocabulary."""
    size_bytes: int


def model_folders(named: Mapping[str, Path]) -> Mapping[str, Path]:
    """Every language's model: the bundled ones, unless the operator named others."""
    return {**BUNDLED, **named}


def examine(folder: Path) -> ModelFolder:
    """What a folder holds. Raises CannotHear when it is no model, or too large for the memory there is."""
    if not folder.is_dir():
        raise CannotHear(f"There is no folder {folder}; name the folder of an unpacked Vosk model.")
    network = next((file for file in (folder / "am" / "final.mdl", folder / "final.mdl") if file.is_file()), None)
    mfcc = next((file for file in (folder / "conf" / "mfcc.conf", folder / "mfcc.conf") if file.is_file()), None)
    if network is None or mfcc is None:
        raise CannotHear(
            f"{folder} holds no Vosk model: it has no {'final.mdl' if network is None else 'mfcc.conf'}. "
            "Unpack a model's archive, and name the folder in it that holds `am` and `conf`."
        )
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    _check_memory(folder, size)
    subsampling = _option(folder / "conf" / "model.conf", "frame-subsampling-factor", _VOSK_SUBSAMPLING)
    is_dynamic = all((folder / "graph" / part).is_file() for part in ("HCLr.fst", "Gr.fst"))
    rate_hz = round(_option(mfcc, "sample-frequency", _KALDI_RATE_HZ))
    return ModelFolder(folder, max(rate_hz, RATE_HZ), subsampling / _VOSK_SUBSAMPLING, is_dynamic, size)


def words_of(folder: Path) -> int | None:
    """How many words a model knows; None when its folder does not tell, as those do whose graph is made for a vocabulary."""
    file = next((file for file in (folder / "graph" / "words.txt", folder / "words.txt") if file.is_file()), None)
    if file is None:
        return None
    words = (line.split()[0] for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip())
    return sum(1 for word in words if word[0] not in "<#[")


def _check_memory(folder: Path, needed_bytes: int) -> None:
    """A model takes at least its own size; where the system does not tell its memory, the system decides."""
    if not _MEMORY_FILE.exists():
        return
    lines = dict(line.split(":", 1) for line in _MEMORY_FILE.read_text().splitlines())
    free_bytes = int(lines["MemAvailable"].split()[0]) * 1024
    if free_bytes < needed_bytes:
        raise CannotHear(
            f"The model in {folder} needs about {needed_bytes / 1e9:.1f} GB of memory, but {free_bytes / 1e9:.1f} GB are free; "
            "name a smaller model."
        )


def _option(file: Path, name: str, default: float) -> float:
    """A number out of one of Kaldi's configuration files, which hold lines like `--name=value`. Raises CannotHear."""
    lines = file.read_text(errors="replace").splitlines() if file.is_file() else []
    values = [line.split("=", 1)[1] for line in lines if line.startswith(f"--{name}=")]
    try:
        return float(values[-1].split("#")[0]) if values else default
    except ValueError:
        raise CannotHear(f"{file} says --{name}={values[-1]}, which is no number; unpack the model's archive again.") from None
