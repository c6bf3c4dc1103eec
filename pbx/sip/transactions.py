"""sippy's transactions, made to live in a house that is not theirs.

sippy opens sockets, prints, and looks at every address with `dir()`; here it is given lines, a log and something quicker. This
is done once, to its modules, when this one is imported.
"""

from collections.abc import Callable
from contextlib import ExitStack
from hashlib import md5
from time import clock_gettime
from typing import Any

import sippy.SipConf
import sippy.SipMsg
import sippy.SipRequest
import sippy.SipTransactionManager
import sippy.SipURL
import sippy.SipVia
import sippy.Time.MonoTime
import sippy.UacStateRinging
import sippy.UacStateTrying
from sippy.Exceptions.SipParseError import SipParseError
from sippy.SipConf import SipConf
from sippy.SipTransactionManager import RINGING, TRYING, SipTransactionManager

from pbx.sip.flows import Address, Flow
from pbx.sip.journal import Journal
from pbx.sip.request import SERVER

_PARSED = ("via", "from", "to", "call-id", "cseq", "route", "record-route", "max-forwards", "reason")
_PARSED_IN_CALLS = (*_PARSED, "contact", "expires")


class _NoSockets:
    """Stands for the sockets that sippy would open for itself: the stack has lines."""

    def __init__(self, *_given: object) -> None: ...

    def rotateCache(self) -> None: ...

    def shutdown(self) -> None: ...


class Transactions(SipTransactionManager):
    """sippy's transactions, which choose among our lines and leave nothing behind of what they could not read."""

    def __init__(self, config: dict[str, Any], ask: Callable[[Any, Any], object], flow_to: Callable[[Address], Flow]) -> None:
        super().__init__(config, ask)
        self._flow_to = flow_to

    def newTransaction(self, msg: Any, *values: Any, laddress: Any = None, userv: Any = None, **named: Any) -> Any:
        """A request of ours; what sippy calls a local address is the flow a user agent keeps to, if it keeps to one."""
        if userv is None:
            (host, port), transport = msg.getTarget()
            userv = laddress or self._flow_to(Address(str(transport).lower(), str(host).strip("[]"), int(port)))
        transaction = super().newTransaction(msg, *values, userv=userv, **named)
        if userv.transport == "tcp" and transaction.teA is not None:
            transaction.teA.cancel()
            transaction.teA = None
        return transaction

    def knows(self, text: str) -> bool:
        """Whether a request that reads like this has come before: copies are answered as it was."""
        identity = _identity(text)
        return identity in self.l1rcache or identity in self.l2rcache

    def answer_alike(self, text: str, answer: str, flow: Flow) -> None:
        """Answer a request without a transaction, and its copies, for half a minute or longer, with the same words."""
        self.transmitData(flow, answer, (flow.peer.host, flow.peer.port), _identity(text))

    def incomingResponse(self, msg: Any, t: Any, checksum: bytes) -> None:
        """A response to us. A refusal is acknowledged before anybody acts on it, at the URI that was asked.

        Source: RFC 3261, section 17.1.1.3; sippy would do it last, and at the contact of whoever refused.
        """
        if msg.getSCode()[0] < 300 or not t.needack or t.state not in (TRYING, RINGING):
            super().incomingResponse(msg, t, checksum)
            return
        if (tag := msg.getHFBody("to").getTag()) is not None:
            t.ack.getHFBody("to").setTag(tag)
        self.transmitReq(t, t.ack, t.address, checksum)
        t.needack = False
        acknowledgement = self.l1rcache[checksum]
        super().incomingResponse(msg, t, checksum)
        self.l1rcache[checksum] = acknowledgement

    def incomingRequest(self, msg: Any, checksum: bytes, tids: Any, server: Flow) -> None:
        """A request that could be read; every header that anybody looks at is read now, or it is refused."""
        try:
            for name in _PARSED if msg.getMethod() == "REGISTER" else _PARSED_IN_CALLS:
                msg.getHFBodys(name)
            identity = msg.getTId(wBRN=True)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            response = msg.genResponse(400, "Malformed Header", server=SERVER)
            raise SipParseError("a header cannot be read", response) from error
        with ExitStack() as undoing:
            undoing.callback(self.tserver.pop, identity, None)
            super().incomingRequest(msg, checksum, tids, server)
            undoing.pop_all()


def _identity(text: str) -> bytes:
    """What sippy knows a message by."""
    return md5(text.encode(), usedforsecurity=False).digest()


def _own_attributes(value: object) -> tuple[str, ...]:
    """What sippy looks for in `dir()`: whether an address stands for our own. A tenth of the time of a call went into that."""
    return ("my",) if hasattr(value, "my") else ()


def _move_in() -> None:
    said = Journal()
    for module in (sippy.SipMsg, sippy.SipRequest, sippy.SipTransactionManager, sippy.UacStateRinging, sippy.UacStateTrying):
        module.print = said.print
    for module in (sippy.SipConf, sippy.SipURL, sippy.SipVia):
        module.print, module.dir = said.print, _own_attributes
    sippy.SipTransactionManager.dump_exception = said.dump_exception
    sippy.SipTransactionManager.local4remote = _NoSockets
    sippy.Time.MonoTime.clock_getdtime = clock_gettime  # which sippy asks by ctypes, ten times slower
    SipConf.my_uaname = SERVER
    SipConf.autoconvert_tel_url = True


_move_in()
