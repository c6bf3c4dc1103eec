"""Reading the record of acts: the whole chain in pages, its check, and its export as CSV or JSON (E4.10)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from callcenter.floor.anchors import Anchors
from callcenter.floor.audit import AuditEntry, verify
from callcenter.floor.csv_files import write_csv
from callcenter.floor.records import AuditChain, Transaction

_PAGE = 1000
_COLUMNS = ("number", "at", "actor", "act", "subject", "detail", "personal_words", "previous", "digest")

_EMPTIED = "There are acts and not one anchor: somebody emptied the anchors, and the end of the record may be cut off."

Read = Callable[[Callable[[Transaction], "Check"]], "Check"]


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of the record found: how many entries and anchors were read, and every fault as a sentence."""

    entries: int
    anchors: int
    faults: tuple[str, ...]


def check(read: Read, key: bytes, anchors: Anchors) -> Check:
    """Checks the whole record. The anchors are read first: entries that are added meanwhile are ahead of them, never behind."""
    anchored, damage = anchors.all(), anchors.damage()

    def work(tx: Transaction) -> Check:
        read_so_far = 0

        def counted() -> Iterator[AuditEntry]:
            nonlocal read_so_far
            for entry in whole(tx.audit):
                read_so_far += 1
                yield entry

        findings = verify(counted(), key, anchored, tx.audit.personal_text)
        emptied = (_EMPTIED,) if read_so_far and not (anchored or damage) else ()
        return Check(read_so_far, len(anchored), (*damage, *emptied, *(finding.sentence for finding in findings)))

    return read(work)


def whole(chain: AuditChain) -> Iterator[AuditEntry]:
    """Every entry in order, a page at a time."""
    number = 0
    while page := chain.after(number, _PAGE):
        yield from page
        number = page[-1].number


def as_json(entries: Iterable[AuditEntry], words: Callable[[str], str | None]) -> str:
    """The entries as a JSON list; `words` gives the personal words beside an entry, or nothing where they stay out."""
    return json.dumps([_row(entry, words) for entry in entries], indent=2, ensure_ascii=False)


def as_csv(entries: Iterable[AuditEntry], words: Callable[[str], str | None]) -> str:
    """The same as CSV with a line of titles."""
    return write_csv(_COLUMNS, (list(_row(entry, words).values()) for entry in entries))


def no_words(_reference: str) -> None:
    """Personal words stay out of an export."""


def _row(entry: AuditEntry, words: Callable[[str], str | None]) -> dict[str, str | int | None]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
        "personal_words": words(entry.personal) if entry.personal else None,
        "previous": entry.previous,
        "digest": entry.digest,
    }
