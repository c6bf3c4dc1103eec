"""Redirect: another document takes over. Source: https://www.twilio.com/docs/voice/twiml/redirect."""

from dataclasses import dataclass

from pbx.codes import Code, DocumentError
from pbx.reading import Attributes, Element, Reading
from pbx.request import Method, WebhookRequest
from pbx.scene import Outcome, Scene


@dataclass(frozen=True, slots=True)
class Redirect:
    """The document that replaces this one; a phone that rings goes on ringing."""

    url: str
    method: Method

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Redirect":
        """Raises DocumentError 11100 for a Redirect without a URL, which Twilio would send round in circles."""
        url = (element.text or "").strip()
        if not url:
            raise DocumentError(Code.BAD_URL, reading.url, "Redirect holds no URL", element.sourceline)
        attributes = Attributes(element, reading)
        method = attributes.method("method", Code.REDIRECT_METHOD)
        attributes.close_leaf()
        return cls(reading.absolute(url), method)

    async def execute(self, scene: Scene) -> Outcome:
        return WebhookRequest(self.url, self.method)
