"""A SIP phone in a call: what both directions have in common."""

from collections.abc import Callable

from pbx.audio.port import Holder
from pbx.rtp.ports import RtpPort
from pbx.sip import sdp
from pbx.sip.dialog import Dialog
from pbx.sip.flows import Address, Flow
from pbx.sip.media import Media
from pbx.sip.methods import answer_info, answer_options, refuse_method
from pbx.sip.request import Request
from pbx.sip.sdp import Incompatible
from pbx.sip.stack import Stack

EVENT, INFO = "telephone-event", "info"


class SipConnection:
    """A phone's side of a call, as its leg holds it. `over` is told once, when the call has ended in whatever way."""

    def __init__(self, stack: Stack, flow: Flow, over: Callable[["SipConnection"], None]) -> None:
        self.dialog = Dialog(stack, self)
        self.flow = flow
        self.parameters: dict[str, str] = {}
        self.is_over = False
        self.caller_tag = ""
        self._over = over
        self._media: Media | None = None
        self._holder: Holder | None = None
        self._untold: list[Callable[[Holder], None]] = []
        self._keys_come_by = ""

    def plug_in(self, port: RtpPort) -> None:
        """Give it a port for its sound."""
        port.on_key, port.on_quiet = self._told_key, self.dialog.ask_whether_there
        self._media = Media(port, self.flow.local_host, self.flow.peer.host)

    @property
    def has_port(self) -> bool:
        return self._media is not None

    @property
    def media(self) -> Media:
        """Its sound, from `plug_in` on."""
        assert self._media is not None
        return self._media

    @property
    def port(self) -> RtpPort:
        return self.media.port

    @property
    def call_id(self) -> str:
        return self.dialog.call_id

    @property
    def source(self) -> Address:
        """Where the phone signals from."""
        return self.flow.peer

    def attach(self, holder: Holder) -> None:
        self._holder = holder
        untold, self._untold = self._untold, []
        for tell in untold:
            tell(holder)

    def hang_up(self) -> None:
        if not self.is_over:
            self._finish()
            self.dialog.end()

    def abandon(self) -> None:
        """End it from neither side: the exchange closes, and both are told."""
        if not self.is_over:
            self.hang_up()
            self._tell(lambda holder: holder.phone_hung_up())

    def rings(self) -> None:
        """Only a phone that we ring does."""

    def connected(self, description: str) -> None:
        """What the phone makes of an offer of ours; without sound there is no call."""
        if self.media.settle(description) is not None:
            self.dialog.end()
            self.ended()

    def failed(self, _code: int) -> None:
        self.ended()

    def updated(self, description: str) -> None:
        session = sdp.read(description)
        if isinstance(session, Incompatible):
            self.dialog.refuse_update(session)
        else:
            self.dialog.accept(self.media.answer(session))

    def offer(self) -> str:
        return self.media.offer()

    def asked(self, request: Request) -> None:
        if request.method == "INFO":
            self._press(answer_info(request), INFO)
        elif request.method == "OPTIONS":
            answer_options(request)
        else:
            refuse_method(request)

    def ended(self) -> None:
        if not self.is_over:
            self._finish()
            self._tell(lambda holder: holder.phone_hung_up())

    def _told_key(self, key: str) -> None:
        self._press(key, EVENT)

    def _press(self, key: str, way: str) -> None:
        """A phone that tells its keys two ways is believed in the way that the first one came by."""
        self._keys_come_by = self._keys_come_by or (way if key else "")
        if key and way == self._keys_come_by and not self.is_over:
            self._tell(lambda holder: holder.press(key))

    def _tell(self, tell: Callable[[Holder], None]) -> None:
        if self._holder is None:
            self._untold.append(tell)
        else:
            tell(self._holder)

    def _finish(self) -> None:
        self.is_over = True
        self._over(self)
