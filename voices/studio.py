"""Sentences that a person recorded: WAV files named by the sentence's key, which take the engine's place.

`<folder>/<language>/entry.first.wav` is the sentence `entry.first`; `character.7.wav` and `character.w.wav` are what a
read-back is joined from. The operator's folder comes before the one that is shipped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voices.faults import NotASound
from voices.sound import Sound, levelled, trimmed

SHIPPED = Path(__file__).parent / "recordings"
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing the line says: the key that names its recording, and its text."""

    key: str
    text: str


def character_key(character: str) -> str:
    """The name of a digit's or letter's recording."""
    return f"character.{character.lower()}"


class Studio:
    """The recordings of an instance, looked up as the line speaks, so that a new one is heard at once."""

    def __init__(self, folders: Sequence[Path], sentences: Mapping[str, Mapping[str, str]]) -> None:
        """`sentences` are, by language, the texts of all keys that can be recorded as a whole."""
        self.folders, self._sentences = tuple(folders), sentences
        self._keys: dict[tuple[str, str], tuple[str, ...]] = {}
        for language, texts in sentences.items():
            for key, text in texts.items():
                self._keys[language, text] = (*self._keys.get((language, text), ()), key)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the line."""
        return tuple(self._sentences)

    def all(self, language: str) -> tuple[Spoken, ...]:
        """Everything of a language that can be recorded, characters last; the same text once, by its first key."""
        sentences = (Spoken(keys[0], text) for (spoken, text), keys in self._keys.items() if spoken == language)
        return (*sentences, *(Spoken(character_key(character), character) for character in CHARACTERS))

    def recording(self, text: str, language: str) -> Path | None:
        """The recording of a sentence; None when there is none. Where keys share a text, any one's recording will do."""
        return self._first(self._keys.get((language, text), ()), language)

    def character_recording(self, character: str, language: str) -> Path | None:
        """The recording of a digit or letter; None when there is none."""
        return self._first((character_key(character),), language)

    def missing(self, language: str) -> tuple[Spoken, ...]:
        """What nobody has recorded yet."""
        return tuple(spoken for spoken in self.all(language) if not self._found(spoken, language))

    def faults(self, language: str) -> Iterator[str]:
        """A sentence for every file that will not do: no sound, or no sentence's name."""
        known = self._sentences.get(language, {}).keys() | {character_key(character) for character in CHARACTERS}
        for path in self._files(language):
            if path.stem not in known:
                yield f"{path} is no sentence's name; `activation-center voices missing` lists the names."
                continue
            try:
                read_recording(path)
            except NotASound as fault:
                yield str(fault)

    def _found(self, spoken: Spoken, language: str) -> Path | None:
        return self.recording(spoken.text, language) or self._first((spoken.key,), language)

    def _first(self, keys: Sequence[str], language: str) -> Path | None:
        places = (folder / language / f"{key}.wav" for key in keys for folder in self.folders)
        return next((place for place in places if place.is_file()), None)

    def _files(self, language: str) -> list[Path]:
        return sorted(path for folder in self.folders for path in (folder / language).glob("*.wav"))


def read_recording(path: Path) -> Sound:
    """A recording brought to the line's rate, trimmed, and as loud as everything else. Raises NotASound with a sentence."""
    try:
        sound = levelled(trimmed(Sound.of_wav(path.read_bytes())))
    except NotASound as fault:
        raise NotASound(f"{path} cannot be used: it {fault}.") from None
    except OSError as fault:
        raise NotASound(f"{path} cannot be read: {fault.strerror}.") from None
    if not sound.seconds:
        raise NotASound(f"{path} cannot be used: it is silent.")
    return sound
