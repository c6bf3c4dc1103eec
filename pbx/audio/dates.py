"""Dates and lengths of time as they are said: say-as with interpret-as date or time.

Source: https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html#say-as-tag. In English; a voice of another language
reads the text as it stands.
"""

import re

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
FORMATS = ("mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y")
_DATE_IN_ONE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"\d{1,4}", re.ASCII)
_LENGTH = re.compile(r"(?:(\d{1,3})')?\s*(?:(\d{1,2}(?:\.\d{1,3})?)\")?", re.ASCII)


def said_as_date(text: str, form: str, language: str) -> str:
    """The date in words, its numbers taken in the order of the format; as it stands where that cannot be."""
    if form == "yyyymmdd" and (found := _DATE_IN_ONE.fullmatch(text.strip())):
        form, numbers = "ymd", list(found.groups())
    else:
        numbers = _NUMBERS.findall(text)
    if not language.startswith("en") or form not in FORMATS or len(numbers) != len(form):
        return text
    given = dict(zip(form, numbers, strict=True))
    if not 1 <= int(given.get("m", 1)) <= 12 or not 1 <= int(given.get("d", 1)) <= 31:
        return text
    month = MONTHS[int(given["m"]) - 1] if "m" in given else ""
    day = _ordinal(int(given["d"])) if "d" in given else ""
    monthly = " ".join(filter(None, (month, day)))
    return ", ".join(filter(None, (monthly, given.get("y", ""))))


def said_as_time(text: str, language: str) -> str:
    """A length of time such as 1'21", in words; a time of day is read as it stands."""
    found = _LENGTH.fullmatch(text.strip())
    if not language.startswith("en") or found is None or not any(found.groups()):
        return text
    counted = ((found[1], "minute"), (found[2], "second"))
    return " ".join(f"{number} {unit}{'' if number == '1' else 's'}" for number, unit in counted if number)


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else ENDINGS.get(day % 10, 'th')}"
