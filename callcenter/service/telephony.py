"""The telephony side's REST API, Twilio's or one that speaks like it, through Twilio's own client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

TIMEOUT_SECONDS = 10.0


class TelephonyError(Exception):
    """The telephony side could not be reached or said no; the sentence says which. `is_final`: asking again is no use.

    `is_gone`: what was asked for is not there (HTTP 404), or the call is not in progress (Twilio error 21220).
    """

    def __init__(self, sentence: str, *, is_final: bool = False, is_gone: bool = False) -> None:
        super().__init__(sentence)
        self.is_final, self.is_gone = is_final, is_gone


class RedirectedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # twilio has no types
    """Twilio's HTTP client with every request sent to another host, for an API that stands in for Twilio's."""

    def __init__(self, base_url: str, timeout_seconds: float) -> None:
        super().__init__(timeout=timeout_seconds)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        """The same request to the same path on our host."""
        here = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, here.geturl(), *arguments, **options)


def rest_client(account_sid: str, auth_token: str, base_url: str | None, timeout_seconds: float = TIMEOUT_SECONDS) -> Client:
    """Twilio's client, for Twilio (None) or for the API at `base_url`."""
    http_client = RedirectedHttpClient(base_url, timeout_seconds) if base_url else TwilioHttpClient(timeout=timeout_seconds)
    return Client(account_sid, auth_token, http_client=http_client)


def text_sender(account_sid: str, auth_token: str, base_url: str | None, sent_from: str) -> Callable[[str, str], None]:
    """A function that sends one text message (to, body). It raises TelephonyError when the message was not taken."""
    client = rest_client(account_sid, auth_token, base_url)

    def send(to: str, body: str) -> None:
        with said_in_sentences():
            client.messages.create(to=to, from_=sent_from, body=body)

    return send


@contextmanager
def said_in_sentences() -> Iterator[None]:
    """Whatever goes wrong in a request is raised as TelephonyError, without a number that Twilio's own words repeat."""
    try:
        yield
    except TwilioException as refused:
        raise _refusal(refused) from None  # neither its words nor its traceback: both hold the number
    except ValueError:
        raise TelephonyError("The telephony side answered with something that is no message") from None
    except OSError as unreachable:
        raise TelephonyError(f"The telephony side cannot be reached: {type(unreachable).__name__}") from unreachable


_NOT_IN_PROGRESS = 21220
"""Twilio's error code for a call that cannot be moved because it is over (twilio.com/docs/api/errors/21220)."""


def _refusal(refused: TwilioException) -> TelephonyError:
    """HTTP status and Twilio's error code alone (twilio.com/docs/api/errors): its message repeats the number asked for."""
    status, code = (getattr(refused, name, "unknown") for name in ("status", "code"))
    return TelephonyError(
        f"The telephony side refused: HTTP status {status}, error code {code}",
        is_final=status == HTTPStatus.BAD_REQUEST,  # no such number, or it wants no messages
        is_gone=status == HTTPStatus.NOT_FOUND or code == _NOT_IN_PROGRESS,
    )
