"""The page that sends its user to the telephone: country, number, installation ID in groups (rows 33, 34, 37)."""

from collections.abc import Iterator

from activation.catalogue import ELSEWHERE, Country
from workstation.computer.machine import Machine, installation_id
from workstation.computer.media import Media
from workstation.words import LANGUAGES, say, sentences, spoken

_GROUPS_A_LINE = 3


def number_for(machine: Machine, asked: str | None = None) -> Country:
    """Whom to call from the country asked for, else from the computer's own.

    A country with no number of its own calls the support centre for all others; a computer that knows no country is sent to the
    first one that answers in its language.
    """
    media = machine.media
    if asked:
        return media.country(asked) or _for_others(media)
    own = media.country(machine.country)
    by_language = next((country for country in media.countries if country.language == machine.language), None)
    return own or by_language or _for_others(media)


def phone_page(machine: Machine, country: Country) -> Iterator[str]:
    """The page, line by line, in the system's language."""
    language = machine.language
    yield say("phone.title", language, product=machine.media.product.title)
    yield number_line(country, language)
    if country.language in LANGUAGES:
        yield say(f"phone.answers_{country.language}", language)
    yield say("phone.give", language)
    yield from (f"  {line}" for line in _numbered(installation_id(machine)))
    yield say("phone.type", language, name=machine.name)


def number_line(country: Country, language: str) -> str:
    """Whom to call, in a sentence."""
    name = country_name(country, language)
    return say("phone.number", language, country=name, number=country.number, kind=_kind(country, language))


def countries_page(machine: Machine) -> Iterator[str]:
    """The list to choose from."""
    yield say("phone.countries", machine.language)
    for country in machine.media.countries:
        name, kind = country_name(country, machine.language), _kind(country, machine.language)
        yield f"  {country.code}  {name:<24} {country.number:<16} {kind}"


def country_name(country: Country, language: str) -> str:
    """What a country is called in the system's language; as the catalogue calls it, for one that we have no word for."""
    return sentences(spoken(language)).get(f"phone.country.{country.code}", country.title)


def _kind(country: Country, language: str) -> str:
    return say("phone.free" if country.toll_free else "phone.toll", language)


def _for_others(media: Media) -> Country:
    return media.country(ELSEWHERE) or media.countries[0]


def _numbered(groups: tuple[str, ...]) -> Iterator[str]:
    numbered = [f"{number}: {group}" for number, group in enumerate(groups, start=1)]
    for start in range(0, len(numbered), _GROUPS_A_LINE):
        yield "   ".join(numbered[start : start + _GROUPS_A_LINE])
