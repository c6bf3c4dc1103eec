"""What the pages and services of one instance work on: the console, the portal, activation over the web, browser phones."""

import secrets as randomness

from activation.desk import Desk
from callcenter.console.centre import Centre
from callcenter.floor.debugger import ReadLog
from callcenter.portal.portal import Portal
from callcenter.service.activation.geography import Geography
from callcenter.service.activation.limits import Limits
from callcenter.service.activation.service import Service
from callcenter.service.debugger_log import log_reader
from callcenter.service.phone import Phones, choices
from data.acting import audit_key
from data.engine import StorageError
from house.instance import House
from house.moments import new_id
from house.training import training_stories
from ivr.assistance import Assistance


def centre(house: House) -> Centre:
    """What the console works on."""
    return Centre(
        store=house.store,
        catalogue=house.catalogue,
        secrets=house.secrets,
        assistance=Assistance(house.conversation),
        policy=house.settings.policy,
        hours=house.settings.hours,
        clock=house.clock,
        new_id=new_id,
        line_name=house.settings.line.name,
        audit_key=audit_key(house.secrets),
        anchors=house.anchors,
        has_telephony=house.has_telephony,
        read_log=read_log(house),
        phones=phones(house),
        stories=training_stories(),
    )


def portal(house: House) -> Portal:
    """What the portal works on."""
    return Portal(
        store=house.store,
        catalogue=house.catalogue,
        secrets=house.secrets,
        policy=house.settings.policy,
        clock=house.clock,
        new_id=new_id,
        choose=randomness.randbelow,
        line_name=house.settings.line.name,
        audit_key=audit_key(house.secrets),
        anchors=house.anchors,
    )


def activation_service(house: House) -> Service:
    """Activation over the web."""
    settings = house.settings.service
    return Service(
        store=house.store,
        desk=Desk(house.catalogue, house.secrets, new_id),
        geography=Geography(settings.networks),
        limits=Limits(settings.requests_per_minute, settings.rows_per_hour),
        clock=house.clock,
        line_number=house.line_number,
        language=house.settings.languages.default,
        storage_fault=StorageError,
    )


def read_log(house: House) -> ReadLog:
    """What went wrong in calls, as this house's telephony side tells it."""
    return log_reader(house.account_sid, house.auth_token, lambda: house.telephony_url, house.settings.has_twilio_account)


def phones(house: House) -> Phones:
    """What makes browsers telephones of this house's exchange."""
    countries = [(country.title, country.number, country.toll_free) for country in house.catalogue.countries.values()]
    return Phones(
        house.account_sid,
        house.auth_token,
        house.instance.exchange_address.read,
        choices(countries),
        house.settings.exchange.browser_url,
    )
