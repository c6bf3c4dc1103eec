"""Saying no: every refusal, reason and fault as a problem with its status, its code and a sentence in the asker's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from activation.claims import AskFirst, NeedsAgent, RefusalCode, Refused
from activation.tally import ASK_FIRST
from callcenter.rate_limits import TooMany
from callcenter.service.activation.reading import Malformed, Wrong
from callcenter.service.activation.sentences import Sentences
from callcenter.service.problems import BUSY, BUSY_SECONDS, TOO_LARGE, Problem

MALFORMED_REQUEST, TOO_MANY_REQUESTS, REQUEST_ID_REUSED = "malformed_request", "too_many_requests", "request_id_reused"
"""Codes of problems that no desk has decided."""
OUTAGE_SECONDS = 300
"""When to ask again during an outage."""

_STATUS: Mapping[RefusalCode, HTTPStatus] = {
    RefusalCode.SERVICE_DOWN: HTTPStatus.SERVICE_UNAVAILABLE,
    RefusalCode.REGION: HTTPStatus.FORBIDDEN,
    RefusalCode.TOO_MANY_COMPUTERS: HTTPStatus.CONFLICT,
    RefusalCode.OVER_LIMIT: HTTPStatus.CONFLICT,
}
"""What a refusal is in HTTP, where it is not that the content cannot be processed."""
_NOBODY_TO_CALL = frozenset({RefusalCode.SERVICE_DOWN, RefusalCode.NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class Wording:
    """What one asker is told: in which language, and which number to call."""

    sentences: Sentences
    phone_number: str

    def no(self, verdict: Refused | NeedsAgent | AskFirst) -> Problem:
        """A verdict that grants nothing."""
        match verdict:
            case Refused():
                return self._refused(verdict)
            case NeedsAgent(reason):
                detail = self.sentences[reason.value]
                return Problem(HTTPStatus.CONFLICT, short_code(reason.value), detail, {"phone_number": self.phone_number})
            case AskFirst():
                return Problem(HTTPStatus.CONFLICT, ASK_FIRST, self.sentences[ASK_FIRST], {"phone_number": self.phone_number})

    def malformed(self, fault: Malformed) -> Problem:
        """A request that was not read."""
        detail = self.sentences[fault.wrong.value].format(field=fault.field)
        if fault.wrong is Wrong.TOO_LARGE:
            return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, detail)
        return Problem(HTTPStatus.BAD_REQUEST, MALFORMED_REQUEST, detail)

    def too_many(self, more: TooMany) -> Problem:
        """A request beyond what its address may ask for."""
        status, detail = HTTPStatus.TOO_MANY_REQUESTS, self.sentences[TOO_MANY_REQUESTS]
        return Problem(status, TOO_MANY_REQUESTS, detail, retry_after_seconds=more.seconds)

    def reused(self) -> Problem:
        """A request id that has come with another content before."""
        return Problem(HTTPStatus.CONFLICT, REQUEST_ID_REUSED, self.sentences[REQUEST_ID_REUSED])

    def busy(self) -> Problem:
        """A request whose turn at the database did not come; nothing of it is kept."""
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, self.sentences[BUSY], retry_after_seconds=BUSY_SECONDS)

    def _refused(self, refused: Refused) -> Problem:
        code = refused.code
        detail = self.sentences[code.value].format(group=refused.group, right=refused.right_product)
        number = None if code in _NOBODY_TO_CALL else self.phone_number
        told = {"group": refused.group, "right_product": refused.right_product, "phone_number": number}
        return Problem(
            status_of(code),
            short_code(code.value),
            detail,
            {name: value for name, value in told.items() if value is not None},
            OUTAGE_SECONDS if code is RefusalCode.SERVICE_DOWN else None,
        )


def status_of(code: RefusalCode) -> HTTPStatus:
    """What this refusal is in HTTP."""
    return _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)


def short_code(value: str) -> str:
    """A refusal's or reason's code as it is sent: without the name of its kind."""
    return value.partition(".")[2]
