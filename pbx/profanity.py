"""What a recogniser's text shows of obscene words: the first letter, then stars.

Source: https://www.twilio.com/docs/voice/twiml/gather#profanityfilter.
"""

import re

STEMS = (
    *("arsehole", "asshole", "bastard", "bitch", "bollocks", "bullshit", "cunt", "dickhead", "fuck", "motherfuck", "shit"),
    *("wanker", "arschloch", "fick", "fotze", "hurensohn", "scheiß", "scheiss", "wichser", "cabrón", "gilipollas", "joder"),
    *("mierda", "enculé", "merde", "putain", "salope", "cazzo", "stronzo", "vaffanculo", "caralho", "foder", "klootzak"),
)
"""What such words begin with, in the languages that callers are heard in."""

OBSCENE = re.compile(rf"\b(?:{'|'.join(STEMS)})\w*", re.IGNORECASE)


def veiled(text: str) -> str:
    """The text with every obscene word as its first letter and stars."""
    return OBSCENE.sub(lambda word: word[0][0] + "*" * (len(word[0]) - 1), text)
