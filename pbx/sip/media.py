"""The sound of one SIP call: its RTP port, and what has been agreed about it."""

from secrets import randbelow

from pbx.rtp.ports import RtpPort
from pbx.sip import sdp
from pbx.sip.sdp import Incompatible, Local, Session


class Media:
    """Speaks SDP for an RTP port. The host to send to is the one that signals, the port the one SDP names."""

    def __init__(self, port: RtpPort, local_host: str, remote_host: str) -> None:
        self.port = port
        self._local_host = local_host
        self._remote_host = remote_host
        self._session = randbelow(1 << 31)
        self._version = 0

    def offer(self) -> str:
        """Our offer, newer than whatever we said before."""
        return sdp.offer(self._next())

    def answer(self, session: Session) -> str:
        """Agree to what the phone offers."""
        self.agree(session)
        return sdp.answer(session, self._next())

    def settle(self, description: str) -> Incompatible | None:
        """Take the phone's answer to our offer; what is wrong with it where it is none."""
        session = sdp.read(description)
        if isinstance(session, Incompatible):
            return session
        self.agree(session)
        return None

    def agree(self, session: Session) -> None:
        """From now on sound and keys go and come as this says; a phone that holds is sent nothing."""
        remote = (self._remote_host, session.port)
        self.port.connect(remote, session.codec, session.payload_type, session.event_payload_type, (session.address,))
        self.port.hold(sdp.Direction.INACTIVE if session.is_held else session.direction)

    def _next(self) -> Local:
        self._version += 1
        return Local(self._local_host, self.port.local_port, self._session, self._version)
