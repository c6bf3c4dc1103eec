"""Which language a call begins in. Pure: what is known of the call comes in, the code of a language of the line comes out."""

from activation.catalogue import ELSEWHERE
from ivr.dialogue.line import Line
from ivr.phone_numbers import PhoneNumber


def language_of(line: Line, dialled: str, caller: PhoneNumber, caller_country: str) -> str:
    """That of the number dialled; else that of the caller's country; else the line's own."""
    return _of_number(line, dialled) or _of_caller(line, caller, caller_country) or line.language


def _of_number(line: Line, dialled: str) -> str | None:
    """As the settings have it, or as the country has it whose activation number this is; the international one speaks none."""
    countries = (each for each in line.catalogue.countries.values() if each.number == dialled and each.code != ELSEWHERE)
    spoken = line.numbers.get(dialled) or next((country.language for country in countries), None)
    return spoken if spoken in line.scripts else None


def _of_caller(line: Line, caller: PhoneNumber, country: str) -> str | None:
    """By the country the telephony side names; where it names none, by the calling code of the caller's own number."""
    languages = [script.spoken for script in line.scripts.values()]
    if country:
        return next((language.code for language in languages if country in language.countries), None)
    if not caller.is_real:
        return None
    likeliest = max(languages, key=lambda language: language.called_from(caller.number))
    return likeliest.code if likeliest.called_from(caller.number) else None
