"""What a REST request asks for, in Twilio's parameter names."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from aiohttp import web

from pbx.line import PROGRESS_EVENTS, ProgressReport
from pbx.request import Content, Destination, Method, Twiml, WebhookRequest, can_be_called_back
from pbx.rest.answers import BAD_PARAMETER, Problem

NO_URL = 21205
BAD_METHOD = 21209
NO_APPLICATION = 21218
BAD_CALLBACK = 21609
LONGEST_TWIML_CHARACTERS = 4000


class Form:
    """The form of one request. Every reader raises Problem with status 400 for a value that will not do."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    @classmethod
    async def of(cls, request: web.Request) -> "Form":
        posted = await request.post()
        names = {name for name, value in posted.items() if isinstance(value, str)}
        return cls({name: [str(value) for value in posted.getall(name)] for name in names})

    def has(self, name: str) -> bool:
        return bool(self.text(name))

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, (default,))[0]

    def required(self, name: str, code: int) -> str:
        value = self.text(name).strip()
        if not value:
            raise Problem(400, code, f"{name} is required")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Anything but true is false."""
        return self.text(name, str(default)).lower() == "true"

    def number(self, name: str, default: int, allowed: range, code: int = BAD_PARAMETER) -> int:
        value = self.text(name) or str(default)
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value) in allowed):
            raise Problem(400, code, f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}")
        return int(value)

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name) or default
        if value not in allowed:
            raise Problem(400, BAD_PARAMETER, f"{name} must be one of {', '.join(allowed)}")
        return value

    def method(self, name: str, default: Method = Method.POST, code: int = BAD_PARAMETER) -> Method:
        value = (self.text(name) or default).upper()
        if value not in Method.__members__:
            raise Problem(400, code, f"{name} must be GET or POST")
        return Method[value]

    def url(self, name: str) -> str:
        """An absolute URL of http or https."""
        value = self.text(name).strip()
        try:
            parts = urlsplit(value)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            raise Problem(400, NO_URL, f"{name} must begin with http:// or https:// and name a host")
        return value

    def callback(self, name: str) -> str:
        """The URL of a status callback. Raises Problem 21609 for a host with an underscore in its name."""
        url = self.url(name)
        check_callback(name, url)
        return url

    def optional_url(self, name: str, default: str | None) -> str | None:
        """A URL that may be taken away by giving it empty; the default where the form does not name it."""
        if name not in self._values:
            return default
        return self.url(name) if self.has(name) else None

    def destination(self) -> Destination:
        """Where a call goes on: Url, which wins, or Twiml."""
        if self.has("Url"):
            return WebhookRequest(self.url("Url"), self.method("Method", code=BAD_METHOD))
        if self.has("ApplicationSid"):
            raise Problem(400, NO_APPLICATION, "There are no applications here; give a Url or Twiml")
        text = self.text("Twiml").strip()
        if not text:
            raise Problem(400, NO_URL, "Url or Twiml is required")
        if len(text) > LONGEST_TWIML_CHARACTERS:
            raise Problem(400, BAD_PARAMETER, f"Twiml has at most {LONGEST_TWIML_CHARACTERS} characters")
        return Twiml(text)

    def fallback(self) -> WebhookRequest | None:
        """What is asked when a document of the call fails."""
        if not self.has("FallbackUrl"):
            return None
        return WebhookRequest(self.url("FallbackUrl"), self.method("FallbackMethod"))

    def content(self, name: str, method_name: str, default: Method) -> Content:
        """Something to listen to: without the parameter the exchange's own music, with an empty one silence."""
        method = self.method(method_name, default)
        if name not in self._values:
            return Content(None, method)
        return Content(self.url(name) if self.has(name) else "", method)

    def words(self, name: str, default: str, allowed: frozenset[str]) -> frozenset[str]:
        """A parameter that may be repeated, or hold several words."""
        words = frozenset(word for value in self._values.get(name, (default,)) for word in value.split())
        if not words <= allowed:
            raise Problem(400, BAD_PARAMETER, f"{name} lists words among {', '.join(sorted(allowed))}")
        return words

    def report(self) -> ProgressReport | None:
        """The status callback of a call."""
        events = self.words("StatusCallbackEvent", "completed", PROGRESS_EVENTS)
        if not self.has("StatusCallback"):
            return None
        return ProgressReport(self.callback("StatusCallback"), self.method("StatusCallbackMethod"), events)


def check_callback(name: str, url: str) -> None:
    """Raises Problem 21609 for a status callback at a host with an underscore in its name."""
    if not can_be_called_back(url):
        raise Problem(400, BAD_CALLBACK, f"{name} has an underscore in its host's name")
