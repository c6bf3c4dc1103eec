"""How this house's exchange is set up: its account, its numbers, and what it borrows to speak and to hear."""

from activation.redaction import redact
from callcenter.service.server import origins
from house.premises import Premises
from house.sound import Sound
from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.plan import LINE_NAME, Account, Plan


def plan_exchange(premises: Premises, sound: Sound) -> Plan:
    """How the exchange of these premises is set up."""
    settings = premises.settings
    return Plan(
        account=Account(premises.account_sid, premises.auth_token),
        redact=redact,
        open_voices=lambda: sound.voices,
        open_listeners=lambda: sound.listeners,
        numbers=_numbers(premises),
        rtp_ports=settings.exchange.rtp_ports,
        password_of=premises.phone_password,
        origins=origins(premises.base_url) | ({settings.public_url} if settings.public_url else set()),
    )


def _numbers(premises: Premises) -> Numbers:
    """The line's own numbers, those of every country, and other lines'."""
    settings, voice_url, made = premises.settings, premises.voice_url, premises.clock()
    fallback, status = f"{voice_url}/fallback", f"{voice_url}/status"
    own = [
        IncomingNumber(number, name, voice_url, made, made, voice_fallback_url=fallback, status_callback=status)
        for number, name in _own_numbers(premises).items()
    ]
    others = [IncomingNumber(number, url, url, made, made) for number, url in settings.exchange.numbers.items()]
    return Numbers([*own, *others], {LINE_NAME: settings.line.number})


def _own_numbers(premises: Premises) -> dict[str, str]:
    """Whatever rings at the line, each number with the name it is listed under."""
    line, languages = premises.settings.line, premises.settings.languages
    named = {line.number: line.name}
    for country in premises.catalogue.countries.values():
        named.setdefault(country.number, f"{line.name}, {country.title}")
    for number in languages.numbers:
        named.setdefault(number, line.name)
    return named
