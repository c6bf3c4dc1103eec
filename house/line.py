"""The line: the conversation over this instance's database, in its languages, with its settings."""

from activation.desk import Desk
from callcenter.service.line_floor import FloorForLine
from house.moments import new_id
from house.premises import Premises
from ivr import twiml
from ivr.conversation import Conversation
from ivr.dialogue.line import Line
from ivr.vocabulary import load_vocabularies
from ivr.webhook import turn_address


def open_conversation(premises: Premises) -> Conversation:
    """The line, ready to answer webhooks."""
    scripts, hours, usual = premises.scripts, premises.settings.hours, premises.settings.languages.default
    return Conversation(
        line=_line(premises),
        desk=Desk(premises.catalogue, premises.secrets, new_id),
        store=premises.store,
        render=lambda said, language, sid, turn: twiml.render(
            said, scripts[language], sid, turn_address(turn, language, usual)
        ),
        floor=FloorForLine(),
        hours=lambda now, language: (hours.is_open(now), hours.sentence(scripts[language].section("hours"))),
        clock=premises.clock,
        caller_key=premises.secrets.purpose("callers"),
        texts=premises.has_telephony,
    )


def _line(premises: Premises) -> Line:
    settings = premises.settings
    return Line(
        name=settings.line.name,
        catalogue=premises.catalogue.in_epochs(premises.secrets.masters),
        scripts=premises.scripts,
        vocabularies=load_vocabularies(premises.scripts),
        pace_seconds=settings.line.pace_seconds,
        language=settings.languages.default,
        numbers=settings.languages.numbers,
        hears=premises.hears,
    )
