"""The browser's telephone: its page, and the tokens with which browsers prove to the exchange whose phone they are."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from callcenter.service.problems import Problem

TOKEN_SECONDS = 3600
ASKING_SECONDS = 2.0
_BROWSERS_AT, _STATE_AT = "/browser", "/exchange/state"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?", re.ASCII | re.IGNORECASE)
_NO_EXCHANGE = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE, "no_exchange", "No exchange runs here just now, and without one this telephone is dead."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A number or address on the list of the page."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class PhonePlace:
    """A page's place for a telephone: `phone/phone.html` is drawn from it as `phone`.

    `may_connect`: the page's policy lets it reach the exchange. `chosen`: what is ready to be called.
    """

    token_path: str
    may_connect: bool
    numbers: tuple[Choice, ...] = ()
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Phones:
    """Makes browsers telephones. `exchange_url` is where this machine reaches the exchange, while one runs: `http://host:port`.

    Whoever has opened a page from another machine reaches it there under the name by which the page was opened, or, where a
    proxy stands in front of it, at `browser_url` (`wss://host/path`).
    """

    account_sid: str
    auth_token: str
    exchange_url: Callable[[], str | None]
    numbers: tuple[Choice, ...] = ()
    browser_url: str = ""

    def hand_out(self, identity: str) -> Mapping[str, str] | None:
        """What a browser needs to be the phone `client:identity`; None while no exchange runs."""
        base_url = self.exchange_url()
        if base_url is None:
            return None
        url = f"{self.browser_url or _direct(base_url)}{_BROWSERS_AT}"
        return {"identity": identity, "token": self._token(identity), "url": url}

    def place(self, token_path: str, wanted: str = "") -> PhonePlace:
        """A page's place for a telephone whose tokens come from there; `wanted` is chosen where the list has it."""
        listed = [choice.address for choice in self.numbers]
        chosen = wanted if wanted in listed else next(iter(listed), "")
        return PhonePlace(token_path, self.exchange_url() is not None, self.numbers, chosen)

    def is_there(self, address: str) -> bool:
        """Whether a phone of that address could be rung just now; an exchange that does not say so is not doubted."""
        base_url = self.exchange_url()
        if base_url is None:
            return True
        try:
            answer = requests.get(f"{base_url}{_STATE_AT}", auth=(self.account_sid, self.auth_token), timeout=ASKING_SECONDS)
            answer.raise_for_status()
            return any(phone["address"] == address for phone in answer.json()["phones"])
        except requests.RequestException:
            return True

    def sources(self) -> str:
        """What the policy of a page with a telephone allows to connect to, besides the page's own server.

        Any port: an exchange that has been started again may have another, and open pages find it there.
        """
        base_url = self.exchange_url()
        if base_url is None:
            return ""
        proxy = urlsplit(self.browser_url)
        return f"{proxy.scheme}://{proxy.netloc}" if proxy.netloc else f"{_socket_scheme(base_url)}://{_reached(base_url)}:*"

    def _token(self, identity: str) -> str:
        """Source: https://www.twilio.com/docs/iam/access-tokens; with the account's token in place of an API key's secret."""
        grants = [VoiceGrant(incoming_allow=True)]
        token = AccessToken(
            self.account_sid, self.account_sid, self.auth_token, identity=identity, ttl=TOKEN_SECONDS, grants=grants
        )
        signed: str = token.to_jwt()
        return signed


def phone_blueprint(name: str, phones: Phones) -> Blueprint:
    """`GET /phone` and, for whoever opens it, `/phone/token`; `name` is the line's.

    `?number=` chooses a number of the list; `?embedded` leaves out all around the telephone, for a frame on another page.
    """
    blueprint = Blueprint(
        "phone",
        __name__,
        url_prefix="/phone",
        template_folder="templates",
        static_folder="static/phone",
        static_url_path="/static",
    )

    @blueprint.get("")
    def page() -> Response:
        place, is_embedded = phones.place(url_for("phone.token"), request.args.get("number", "")), "embedded" in request.args
        answer = Response(render_template("phone/page.html", name=name, phone=place, is_embedded=is_embedded))
        answer.headers["Content-Security-Policy"] = _policy(phones.sources())
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @blueprint.route("/token", methods=["GET", "POST"])
    def token() -> ResponseReturnValue:
        handed_out = phones.hand_out(f"visitor-{secrets.token_hex(4)}")
        answer = jsonify(handed_out) if handed_out else _NO_EXCHANGE.response()
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return blueprint


def choices(countries: Sequence[tuple[str, str, bool]]) -> tuple[Choice, ...]:
    """The line itself, then the activation numbers by country: title, number (E.164), whether it is free of charge."""
    listed = (
        Choice(f"{title}: {number}{', free of charge' if is_free else ''}", number) for title, number, is_free in countries
    )
    return (Choice("The line of this centre", "activate"), *listed)


def _direct(base_url: str) -> str:
    """Where the browser that asks reaches the exchange there, with no proxy between."""
    parts = urlsplit(base_url)
    place = f"{_reached(base_url)}:{parts.port}" if parts.port else _reached(base_url)
    return f"{_socket_scheme(base_url)}://{place}{parts.path.rstrip('/')}"


def _reached(base_url: str) -> str:
    """The host under which the browser that asks reaches the exchange there."""
    own = _name(urlsplit(base_url).netloc)
    opened_at = _name(request.host)
    return opened_at if opened_at and own in _THIS_MACHINE and opened_at not in _THIS_MACHINE else own


def _name(netloc: str) -> str:
    """Without the port; empty for what is no host."""
    match = _HOST.fullmatch(netloc)
    return match["name"] if match else ""


def _socket_scheme(base_url: str) -> str:
    return "wss" if base_url.startswith("https:") else "ws"


def _policy(sources: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self' {sources}".rstrip(),
            "form-action 'self'",
            "frame-ancestors 'self'",  # /workstation has it beside its computers
            "base-uri 'none'",
        )
    )
