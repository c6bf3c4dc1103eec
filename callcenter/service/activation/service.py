"""The service behind the routes: a request that was read comes in, a reply goes out; one transaction for a single claim."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from logging import getLogger

import msgspec

from activation.catalogue import ELSEWHERE
from activation.claims import Granted, RefusalCode, Refused
from activation.desk import Desk
from activation.keys import KeyFault, read_key
from callcenter.service.activation.deciding import decide, facts_of
from callcenter.service.activation.fields import Activated, ActivationRequest, Counts, CountsRequest
from callcenter.service.activation.geography import Geography
from callcenter.service.activation.limits import Limits
from callcenter.service.activation.memory import Memory, Reused
from callcenter.service.activation.reading import Malformed, foreign_or_misshapen
from callcenter.service.activation.records import Store, Transaction
from callcenter.service.activation.sentences import load_sentences
from callcenter.service.activation.wording import Wording
from callcenter.service.problems import PROBLEM_JSON, Problem

_log = getLogger(__name__)

_NOT_DECIDED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE})
"""Answers that are not kept: the same request may do better another time."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: from which address and country, and in which language to answer."""

    address: str
    country: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out."""

    status: int
    body: bytes
    retry_after_seconds: int | None = None

    @property
    def media_type(self) -> str:
        """A problem's own, or JSON's."""
        return "application/json" if self.status < HTTPStatus.BAD_REQUEST else PROBLEM_JSON


@dataclass(frozen=True, slots=True)
class Service:
    """What the web service needs of the house. `line_number` is whom to call where nobody knows from which country;
    `storage_fault` is what `store` raises when it cannot be used, busy above all."""

    store: Store
    desk: Desk
    geography: Geography
    limits: Limits
    clock: Callable[[], datetime]
    line_number: str
    language: str
    storage_fault: type[Exception]

    def wording(self, asker: Asker) -> Wording:
        """How this asker is told no."""
        countries = self.desk.catalogue.countries
        country = countries.get(asker.country, countries.get(ELSEWHERE)) if asker.country else None
        return Wording(load_sentences()[asker.language], country.number if country else self.line_number)

    def activate(self, request: ActivationRequest, asker: Asker) -> Reply:
        """One claim, decided in one transaction."""
        now = self.clock()
        return self.store.transaction(lambda tx: self._activate(tx, request, asker, now))

    def count(self, request: CountsRequest, asker: Asker) -> Reply:
        """What is left of a key, for whoever has it."""
        now = self.clock()
        return self.store.transaction(lambda tx: self._count(tx, request, asker, now))

    def is_up(self) -> bool:
        """Whether activations are being decided."""
        try:
            return self.store.read(lambda tx: tx.ledger.service_is_up())
        except self.storage_fault as fault:
            _log.warning("%s", fault)
            return False

    def _activate(self, tx: Transaction, request: ActivationRequest, asker: Asker, now: datetime) -> Reply:
        wording, memory = self.wording(asker), Memory.of(request)
        if more := self.limits.take_request(tx, asker.address, now):
            return reply(wording.too_many(more))
        kept = memory.recall(tx, 0)
        if isinstance(kept, Reused):
            return reply(wording.reused())
        if kept:
            return Reply(kept.status, bytes(kept.body))
        answer = reply(self._decide(tx, request, asker, wording, now))
        if answer.status not in _NOT_DECIDED:
            memory.keep(tx, 0, answer.status, answer.body, now)
        return answer

    def _decide(
        self, tx: Transaction, request: ActivationRequest, asker: Asker, wording: Wording, now: datetime
    ) -> Activated | Problem:
        outcome = decide(self.desk, tx, request, asker.country, now)
        verdict = outcome.verdict
        if isinstance(verdict, Malformed):
            return wording.malformed(verdict)
        if not isinstance(verdict, Granted):
            return wording.no(verdict)
        assert outcome.serial is not None  # what is granted was authentic
        facts = facts_of(self.desk, tx, outcome.serial)
        assert facts is not None  # and its key is there
        return Activated(
            confirmation_id=list(verdict.confirmation_id),
            issue_number=verdict.issue_number,
            product=verdict.product,
            counted=verdict.counted,
            remaining=facts.left if facts.is_volume else None,
            key=facts.last_block,
        )

    def _count(self, tx: Transaction, request: CountsRequest, asker: Asker, now: datetime) -> Reply:
        wording = self.wording(asker)
        if more := self.limits.take_request(tx, asker.address, now):
            return reply(wording.too_many(more))
        key = read_key(request.product_key, self.desk.secrets)
        if isinstance(key, KeyFault) and key is not KeyFault.NOT_GENUINE:
            return reply(wording.malformed(foreign_or_misshapen(key)))
        facts = None if isinstance(key, KeyFault) else facts_of(self.desk, tx, key.serial)
        if facts is None:
            return reply(wording.no(Refused(RefusalCode.UNKNOWN_KEY)))
        return reply(Counts(key=facts.last_block, allowed=facts.allowed, used=facts.used, remaining=facts.left))


def reply(answer: msgspec.Struct | Problem) -> Reply:
    """An answer as it goes out."""
    if isinstance(answer, Problem):
        return Reply(int(answer.status), msgspec.json.encode(answer.document()), answer.retry_after_seconds)
    return Reply(HTTPStatus.OK, msgspec.json.encode(answer))
