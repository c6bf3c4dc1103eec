"""The first page: a contact's licensing IDs with their rights on each, notices, and requests with where they stand."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from callcenter.floor.customers import Notice, Right
from callcenter.floor.portal_records import Transaction
from callcenter.floor.requests import Request
from callcenter.portal.shell import Licensing, licensings, look

REQUESTS_SHOWN = 10
NOTICES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its customer sees it."""

    request: Request
    organisation: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, and under which agreement."""

    notice: Notice
    agreement: str


def register(blueprint: Blueprint) -> None:
    """`/portal`."""
    blueprint.add_url_rule("/", "slashed", lambda: redirect(url_for("portal.home")))
    blueprint.add_url_rule("", "home", home)


def home() -> ResponseReturnValue:
    """Everything at a glance."""
    mine, asked, told = look(_everything)
    ids = frozenset(each.contact.id for each in mine)
    return render_template("portal/home.html", licensings=mine, asked=asked, told=told, rights=tuple(Right), mine=ids)


def _everything(tx: Transaction) -> tuple[tuple[Licensing, ...], tuple[Asked, ...], tuple[Told, ...]]:
    mine = licensings(tx)
    numbers = {each.agreement.number: each.agreement.organisation for each in mine}
    asked = [Asked(request, numbers[number]) for number in numbers for request in tx.requests.of_agreement(number)]
    told = [Told(notice, number) for number in numbers for notice in tx.notices.of_agreement(number)]
    newest_asked = sorted(asked, key=lambda each: each.request.asked_at, reverse=True)
    newest_told = sorted(told, key=lambda each: each.notice.at, reverse=True)
    return mine, tuple(newest_asked[:REQUESTS_SHOWN]), tuple(newest_told[:NOTICES_SHOWN])
