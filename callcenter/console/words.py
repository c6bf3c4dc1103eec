"""Words for times, names, places of a call and places to go to, as every page says them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from ivr.state import Place


def clock_words(seconds: float) -> str:
    """Minutes and seconds as on a clock: 0:07, 12:40, 1:02:03."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def capital(words: str) -> str:
    """The words with a capital first letter and everything else as it is: "KMS hosts", "Asked for a person"."""
    return words[:1].upper() + words[1:]


def initials(full_name: str) -> str:
    """The first letters of a name's first and last word."""
    words = full_name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def local_path(target: str | None, otherwise: str) -> str:
    """A page of the console that a form or an address names to go on to; `otherwise` when it names anything else."""
    if not target or "\\" in target or not target.isprintable():
        return otherwise
    parts = urlsplit(target)
    is_ours = parts.path == "/console" or parts.path.startswith("/console/")
    return target if is_ours and not parts.scheme and not parts.netloc else otherwise


_PLACES: Mapping[str, str] = {
    Place.START: "hearing the greeting",
    Place.RESUME: "coming back after a drop",
    Place.MENU: "in the main menu",
    Place.OUTAGE: "hearing about the outage",
    Place.ENTRY: "reading the installation ID, group by group",
    Place.EXPRESS: "keying the installation ID in one go",
    Place.DECIDING: "waiting for the decision",
    Place.COMPUTERS: "saying on how many computers it is installed",
    Place.REFUSED: "hearing why it was refused",
    Place.READBACK: "writing down the confirmation ID",
    Place.ACCEPTED: "done, hearing what comes next",
    Place.REQUESTS: "in the volume menu",
    Place.AGREEMENT: "keying the agreement number",
    Place.GROUP_CHOICE: "choosing a product group",
    Place.QUANTITY: "saying how many more",
    Place.CONFIRM: "confirming the request",
    Place.QUEUE: "waiting for a person",
    Place.AFTER_QUEUE: "choosing whether to wait on",
    Place.ENDED: "saying goodbye",
}


def place_words(place: str) -> str:
    """Where a call stands, in plain words; a place without words of its own is named as it is."""
    return _PLACES.get(place) or place.replace("_", " ") or "between two turns"
