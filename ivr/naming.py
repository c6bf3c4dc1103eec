"""What the line may call itself: any name but one that could be taken for a real vendor's."""

import re
import unicodedata

from activation.redaction import holds_foreign_key

LONGEST_NAME = 60
_VENDORS = frozenset(
    """microsoft windows office msft azure apple google amazon oracle adobe autodesk ibm vmware broadcom cisco sap intuit
    symantec mcafee norton kaspersky dell lenovo hp twilio""".split()  # noqa: SIM905 - a list of words reads best as words
)


def name_fault(name: str) -> str | None:
    """Why the line may not be called so, as a sentence; None when it may."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each)).casefold()
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        return f"The line's name must be 1 to {LONGEST_NAME} printable characters."
    if holds_foreign_key(name):
        return "The line's name must not hold a product key."
    words = re.findall(r"[a-z0-9]+", plain)
    joined = "".join(words)
    for vendor in sorted(_VENDORS):
        if vendor in words or (len(vendor) > 7 and vendor in joined):
            return (
                f"The line's name must not suggest a real vendor ({vendor}): this is a simulator and activates no real product."
            )
    return None
