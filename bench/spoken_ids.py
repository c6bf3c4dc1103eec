"""Whole installation IDs said to our recogniser, corrected by the line's own rules; groups are counted on the way."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from hearers import Hearer
from numpy.random import Generator
from telephone import Condition, Pace, Telephone

from activation.catalogue import Catalogue, Header
from activation.correction import Candidate, joined, least_certain, search
from activation.installation_id import Installation, write_installation_id
from activation.secrets import Secrets
from ivr.dialogue.spoken_groups import take_groups
from ivr.entry import Entry
from voices.listening import Result

MOST_ASKED_AGAIN = 2
DIGITS = 54


@dataclass(slots=True)
class Tally:
    """What became of groups and IDs. Groups count at their first reading; "kept open" are those that no tone told the caller of."""

    groups: int = 0
    first_guesses: int = 0
    groups_after_check: Counter[str] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Counts another tally in."""
        self.groups += other.groups
        self.first_guesses += other.first_guesses
        self.groups_after_check += other.groups_after_check
        self.ids += other.ids


class Ids:
    """Genuine installation IDs, of the layout that has nine groups of six."""

    def __init__(self, catalogue: Catalogue, secrets: Secrets, rng: Generator) -> None:
        """The catalogue becomes the line's, which knows no first digits but those of its keys."""
        self.catalogue, self.secrets, self._rng = catalogue.in_epochs(secrets.masters), secrets, rng
        headers = self.catalogue.headers.values()
        self._header: Header = next(header for header in headers if header.layout.digits == DIGITS)

    def draw(self, digits: Collection[str]) -> tuple[str, ...]:
        """The groups of an ID that nobody has seen before and that has only these digits."""
        return next(groups for groups in iter(self._draw_any, None) if set(digits).issuperset("".join(groups)))

    def _draw_any(self) -> tuple[str, ...]:
        product, serial = int(self._rng.integers(1 << 8)), int(self._rng.integers(1 << 24))
        installation = Installation(product, serial, int(self._rng.integers(1 << 63)))
        return write_installation_id(installation, self._header, self.secrets.installation_key(self._header.epoch))


class Caller:
    """Somebody who reads IDs of digits they were recorded saying, and says a group again when asked."""

    def __init__(self, speaker: str, hearer: Hearer, telephone: Telephone, ids: Ids) -> None:
        self._speaker, self._hearer, self._telephone, self._ids = speaker, hearer, telephone, ids

    def read_ids(self, count: int, pace: Pace, condition: Condition) -> Tally:
        """Several IDs, one group a turn."""
        tally, digits = Tally(), self._telephone.recordings.digits_of(self._speaker)
        for _ in range(count):
            self._read_id(self._ids.draw(digits), pace, condition, tally)
        return tally

    def _read_id(self, said: Sequence[str], pace: Pace, condition: Condition, tally: Tally) -> None:
        entry, asked_again, is_plain = Entry(), 0, True
        heard_before: set[int] = set()
        while asked_again <= MOST_ASKED_AGAIN:
            index = entry.at if entry.groups else 0
            spoken = self._telephone.digits(self._speaker, said[index], pace, condition)
            results = self._hearer.results(spoken, len(said[index]))
            entry = self._taken(entry, results)
            taken = entry.groups[index] if entry.groups else None
            if index not in heard_before:
                is_right = self._hearer.first_guess(results) == said[index]
                is_plain &= is_right
                _count_group(tally, is_right, taken, said[index], bool(taken) and not entry.heard[index].is_clear)
                heard_before.add(index)
            asked_again += taken is None
            if entry.is_complete:
                found = search(entry.candidates, self._ids.catalogue, self._ids.secrets)
                if found:
                    is_right = found.digits == "".join(said)
                    tally.ids[("right", "right after one", "right after two")[asked_again] if is_right else "wrong"] += 1
                    break
                worst = least_certain(entry.heard)
                entry = entry.with_group(worst, None, entry.heard_at(worst))
                asked_again += 1
        else:
            tally.ids["not within two"] += 1
        tally.ids["plain"] += is_plain and len(heard_before) == len(said)

    def _taken(self, entry: Entry, results: Sequence[Result]) -> Entry:
        """The entry after what was heard, cut into several results where the caller paused, until nothing more comes."""
        begun: Sequence[Candidate] = (Candidate(""),)
        for result in results:
            if readings := self._hearer.readings(result):
                begun = joined(begun, readings)
                if taken := take_groups(self._ids.catalogue, entry, 0, begun):
                    return taken[0]
        taken = take_groups(self._ids.catalogue, entry, 0, begun, is_over=True)
        return taken[0] if taken else entry


def _count_group(tally: Tally, is_first_guess_right: bool, taken: str | None, said: str, is_open: bool) -> None:
    tally.groups += 1
    tally.first_guesses += is_first_guess_right
    what = "asked again" if taken is None else "kept open" if is_open else "right" if taken == said else "wrong"
    tally.groups_after_check[what] += 1
