"""The telephony side's REST API, Twilio's or one that speaks like it, through Twilio's own client."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

TIMEOUT_SECONDS = 10.0


class TelephonyError(Exception):
    """The telephony side could not be reached or said no; the sentence says which. `is_final`: asking again is no use."""

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        super().__init__(sentence)
        self.is_final = is_final


class RedirectedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # twilio has no types
    """Twilio's HTTP client with every request sent to another host, for an API that stands in for Twilio's."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        """The same request to the same path on our host."""
        here = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, here.geturl(), *arguments, **options)


def text_sender(account_sid: str, auth_token: str, base_url: str | None, sent_from: str) -> Callable[[str, str], None]:
    """A function that sends one text message (to, body). It raises TelephonyError when the message was not taken."""
    http_client = RedirectedHttpClient(base_url) if base_url else TwilioHttpClient(timeout=TIMEOUT_SECONDS)
    client = Client(account_sid, auth_token, http_client=http_client)

    def send(to: str, body: str) -> None:
        try:
            client.messages.create(to=to, from_=sent_from, body=body)
        except TwilioException as refused:
            is_final = getattr(refused, "status", None) == HTTPStatus.BAD_REQUEST  # no such number, or it wants no messages
            raise TelephonyError(
                _refusal(refused), is_final=is_final
            ) from None  # neither its words nor its traceback: both hold the number
        except ValueError:
            raise TelephonyError("The telephony side answered with something that is no message") from None
        except OSError as unreachable:
            raise TelephonyError(f"The telephony side cannot be reached: {type(unreachable).__name__}") from unreachable

    return send


def _refusal(refused: TwilioException) -> str:
    """HTTP status and Twilio's error code alone (twilio.com/docs/api/errors): its message repeats the number texted to."""
    status, code = (getattr(refused, name, "unknown") for name in ("status", "code"))
    return f"The telephony side refused: HTTP status {status}, error code {code}"
