"""What a phone and the exchange tell each other over their WebSocket, as JSON objects with a `type`."""

from datetime import datetime

import msgspec

from pbx.call import CallStatus, Direction
from pbx.codes import Code, Level
from pbx.request import Destination, Method, Twiml, WebhookRequest
from pbx.rooms.queues import Place
from pbx.rooms.seat import Hearing, Terms


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """From a phone, first: its number, and whether it may be rung there."""

    number: str
    may_ring: bool = False


class InQueue(msgspec.Struct, frozen=True, tag="queue"):
    """A phone's stay in a queue; each stay has a name of its own, so that a stay that is over does not begin again."""

    visit: str
    queue: str
    joined_at: datetime


class InConference(msgspec.Struct, frozen=True, tag="conference"):
    """A phone's stay in a conference, and the last announcement it has played to the end."""

    visit: str
    conference: str
    terms: Terms
    heard_out: int = 0
    failure: str = ""
    """Why that announcement could not be had; empty when it was."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, tag="standing"):
    """From a phone: how its call stands."""

    sid: str
    caller: str
    called: str
    direction: Direction
    status: CallStatus
    answered_at: datetime | None = None
    stay: InQueue | InConference | None = None


class Trouble(msgspec.Struct, frozen=True, kw_only=True, tag="trouble"):
    """From a phone: what the debugger has noted in its call."""

    sid: str
    at: datetime
    level: Level
    code: Code
    url: str
    detail: str
    line: int | None = None


class PlaceTold(msgspec.Struct, frozen=True, kw_only=True, tag="place"):
    """From the exchange: the place in the queue."""

    visit: str
    place: Place


class HearingTold(msgspec.Struct, frozen=True, kw_only=True, tag="hearing"):
    """From the exchange: what is heard in the conference."""

    visit: str
    hearing: Hearing


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a call goes on: a URL or, without one, a document in so many words."""

    url: str = ""
    method: Method = Method.POST
    twiml: str = ""

    @classmethod
    def of(cls, destination: Destination) -> "Where":
        match destination:
            case WebhookRequest(url, method):
                return cls(url=url, method=method)
            case Twiml(text):
                return cls(twiml=text)

    @property
    def destination(self) -> Destination:
        return WebhookRequest(self.url, self.method) if self.url else Twiml(self.twiml)


class Redirect(msgspec.Struct, frozen=True, kw_only=True, tag="redirect"):
    """From the exchange: the call goes on elsewhere."""

    sid: str
    where: Where
    fallback: WebhookRequest | None = None


class HangUp(msgspec.Struct, frozen=True, kw_only=True, tag="hang-up"):
    """From the exchange: the call is over, or rings no more."""

    sid: str


class Ring(msgspec.Struct, frozen=True, kw_only=True, tag="ring"):
    """From the exchange: somebody calls this phone; who answers goes to the destination."""

    sid: str
    caller: str
    called: str
    where: Where


class TextMessage(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """From the exchange: a text message has come for this number."""

    sender: str
    body: str


FromPhone = Hello | Standing | Trouble
ToPhone = PlaceTold | HearingTold | Redirect | HangUp | Ring | TextMessage

write = msgspec.json.Encoder().encode
read_from_phone = msgspec.json.Decoder(FromPhone).decode
read_to_phone = msgspec.json.Decoder(ToPhone).decode
