"""The sections `[languages]` and `[hearing]` of settings.toml: in which language calls begin, and which are heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.phone_numbers import PhoneNumber
from ivr.script import load_scripts

LANGUAGE_SECTIONS = """\
[languages]
# What a call begins in when neither the number dialled nor the caller's country settles it: en, de, fr or es.
default = "en"
# What your own numbers speak, such as numbers = { "+493023125142" = "de" }.
numbers = {}

[hearing]
# Vosk models for the local exchange by language, such as models = { de = "/srv/vosk-model-de" }. English comes with the line;
# in a language without a model it asks for keys. Twilio hears them all by itself.
models = {}
"""


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """What a call begins in when nothing else tells, what our own numbers (E.164) speak, and the folders of the Vosk models
    that hear on this machine, beside the bundled one."""

    default: str
    numbers: Mapping[str, str]
    models: Mapping[str, Path]


def read_languages(raw: Mapping[str, Any], hearing: Mapping[str, Any]) -> LanguageSettings:
    """The settings of the two sections; what they leave out keeps its default. Raises ValueError with a sentence."""
    _refuse_unknown(raw, "languages", ("default", "numbers"))
    _refuse_unknown(hearing, "hearing", ("models",))
    default, numbers, models = raw.get("default", "en"), raw.get("numbers", {}), hearing.get("models", {})
    _check_languages("default", [default])
    for number, language in _table(numbers, 'numbers = { "+493023125142" = "de" }').items():
        _check_languages("numbers", [language])
        if not PhoneNumber(number).is_real:
            raise ValueError(f"numbers must name telephone numbers such as +493023125142, not {number!r}.")
    _check_languages("models", _table(models, 'models = { de = "/srv/vosk-model-de" }'))
    return LanguageSettings(default, numbers, {language: _folder(language, path) for language, path in models.items()})


def _refuse_unknown(raw: Mapping[str, Any], section: str, known: tuple[str, ...]) -> None:
    if unknown := sorted(raw.keys() - set(known)):
        raise ValueError(f"[{section}] has no setting {unknown[0]!r}; its settings are {', '.join(known)}.")


def _table(value: Any, example: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{example.split()[0]} must be a table; write it like {example}.")
    return value


def _check_languages(setting: str, languages: Any) -> None:
    known = load_scripts()
    if unknown := [each for each in languages if each not in known]:
        raise ValueError(f"{setting} names the language {unknown[0]!r}; the line speaks {', '.join(known)}.")


def _folder(language: str, path: Any) -> Path:
    if not isinstance(path, str) or not Path(path).is_dir():
        raise ValueError(f"models names {path!r} for {language}, where no folder of a Vosk model is.")
    return Path(path)
