"""The fallback URL of one call, and when it may be turned to. Source: https://www.twilio.com/docs/availability-reliability."""

from pbx.codes import CallError
from pbx.request import Method, WebhookRequest


class Fallback:
    """Covers for a document that fails, as often as a call needs it, but never round and round.

    It covers once, and again when another document than its own has arrived since or the caller has been heard. It never
    covers for itself, nor twice for one URL while the caller is silent: such a call is going round in circles.
    """

    def __init__(self, url: str | None, method: Method = Method.POST) -> None:
        self._url, self._method = url, method
        self._ready = True
        self._covered: set[str] = set()

    def document_arrived(self, url: str) -> None:
        """A document of the call can be used; the fallback's own proves nothing."""
        self._ready = self._ready or url != self._url

    def caller_heard(self) -> None:
        self._ready = True
        self._covered.clear()

    def cover(self, error: CallError) -> WebhookRequest | None:
        """The request that takes over after a failure, or None when only the apology is left."""
        if self._url is None or not self._ready or error.url in {self._url, *self._covered}:
            return None
        self._ready = False
        self._covered.add(error.url)
        return WebhookRequest(self._url, self._method, error.fallback_parameters)
