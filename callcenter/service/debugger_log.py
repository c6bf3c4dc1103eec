"""The telephony side's debugger log, read over its REST API: Notifications, as Twilio calls them.

Source: https://www.twilio.com/docs/usage/troubleshooting/notifications.
"""

import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec
from twilio.rest import Client

from activation.redaction import redact
from callcenter.floor.debugger import Alert, Level, LogPage, ReadLog, Unread, Wanted
from callcenter.service.telephony import rest_client

PAGE_SIZE = 50
_PATIENCE_SECONDS = 2.0
"""Somebody looks at an empty page meanwhile."""
_LEVEL_OF_LOG = {"0": Level.ERROR, "1": Level.WARNING}
"""Twilio's numbers of them."""
_LOG_OF_LEVEL = {level: log for log, level in _LEVEL_OF_LOG.items()}
_LINE_AND_SENTENCE = re.compile(r"(?:, line (?P<line>[0-9]{1,9}))?: (?P<sentence>.+)", re.ASCII | re.DOTALL)


class _Notification(msgspec.Struct):
    call_sid: str | None
    log: str
    error_code: str
    message_date: str
    message_text: str
    request_url: str


class _Listing(msgspec.Struct):
    notifications: tuple[_Notification, ...]
    next_page_uri: str | None


def log_reader(account_sid: str, auth_token: str, find_telephony: Callable[[], str | None], has_twilio: bool) -> ReadLog:
    """Reads the log of the telephony side found just now; where that is None, it is Twilio's with an account, else nobody's."""

    def read(wanted: Wanted) -> LogPage | Unread:
        base_url = find_telephony()
        if base_url is None:
            return Unread.AT_TWILIO if has_twilio else Unread.NO_EXCHANGE
        client = rest_client(account_sid, auth_token, base_url, _PATIENCE_SECONDS)
        try:
            return _read(client, wanted)
        except (OSError, ValueError, msgspec.MsgspecError):  # nobody there; no; or an answer that is no log
            return Unread.NO_ANSWER

    return read


def _read(client: Client, wanted: Wanted) -> LogPage:
    """Raises OSError, ValueError and MsgspecError where no log comes."""
    level = {"Log": _LOG_OF_LEVEL[wanted.level]} if wanted.level else {}
    asked = {"Page": wanted.page - 1, "PageSize": PAGE_SIZE, **level}
    collection = f"/Calls/{wanted.call_sid}/Notifications.json" if wanted.call_sid else "/Notifications.json"
    answer = client.request("GET", f"{client.api.base_url}/2010-04-01/Accounts/{client.account_sid}{collection}", params=asked)
    if answer.status_code != HTTPStatus.OK:
        raise ValueError(f"HTTP status {answer.status_code}")
    listing = msgspec.json.decode(answer.text, type=_Listing)
    return LogPage(tuple(map(_alert, listing.notifications)), has_older=listing.next_page_uri is not None)


def _alert(told: _Notification) -> Alert:
    """The text of ours begins with level, code, document and line, which are told apart here; another's is shown whole."""
    level, code = _LEVEL_OF_LOG.get(told.log, Level.ERROR), int(told.error_code)
    rest = _LINE_AND_SENTENCE.fullmatch(told.message_text.removeprefix(f"{level} {code}, {told.request_url}"))
    line, sentence = (rest["line"], rest["sentence"]) if rest else (None, told.message_text)
    return Alert(
        at=parsedate_to_datetime(told.message_date),
        call_sid=told.call_sid or "",
        level=level,
        code=code,
        document=redact(told.request_url),
        line=int(line) if line else None,
        sentence=redact(sentence),
    )
