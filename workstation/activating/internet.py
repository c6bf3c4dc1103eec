"""The internet route: probe, then send, then read the answer (rows 29 to 32). What happened is a trace of steps.

Nothing is typed: what the centre grants is taken at once. Why it did not work is told in the system's language, by the centre
where it answered and by the computer where nobody did; the way on is then the telephone (row 33).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import TypeVar

import msgspec

from workstation.activating import connection
from workstation.activating.addresses import Address, activation_address, probe_address
from workstation.activating.connection import Answer, Failure
from workstation.activating.request import ActivationRequest, write_request
from workstation.computer.declined import Declined, NotConfirmed
from workstation.computer.machine import Machine, confirm, happened
from workstation.computer.traits import ActivationRoute, Kind
from workstation.keeping.setup_log import Code, Step
from workstation.words import say

DOWN_FROM = 500
"""Any status below says that the service is there (row 30)."""
_CODES: Mapping[int, Code] = {
    HTTPStatus.CONFLICT: Code.NEEDS_PERSON,
    HTTPStatus.TOO_MANY_REQUESTS: Code.BUSY,
    HTTPStatus.SERVICE_UNAVAILABLE: Code.OUTAGE,
}


class Ending(Enum):
    """How an attempt ended."""

    ACTIVATED = "activated"
    QUESTION = "question"
    """The centre wants to know on how many computers the copy is installed; nothing is decided yet."""
    REFUSED = "refused"
    FAILED = "failed"
    """The centre was not reached, or its answer cannot be used."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: the computer as it is afterwards, what to tell its user, the trace, and what was sent and answered.

    `answer` is None where nothing was sent; `status` 0 where nothing came back.
    """

    ending: Ending
    machine: Machine
    sentence: str
    steps: tuple[Step, ...]
    request: ActivationRequest | None = None
    status: int = 0
    answer: "Granted | Problem | None" = None

    @property
    def leads_to_telephone(self) -> bool:
        """Whether the telephone is the way on (row 33): not where nothing was tried, and not where nothing is needed."""
        is_over = self.ending in (Ending.REFUSED, Ending.FAILED) and self.steps
        return bool(is_over) and not (isinstance(self.answer, Problem) and self.answer.code == "not_needed")


class Granted(msgspec.Struct, frozen=True):
    """The answer 200, as far as the computer needs it."""

    confirmation_id: list[str]
    counted: bool
    key: str
    remaining: int | None = None


class Problem(msgspec.Struct, frozen=True):
    """Any other answer that the centre gave (RFC 9457)."""

    detail: str
    code: str


Document = TypeVar("Document", Granted, Problem)


def activate(machine: Machine, request_id: str, now: datetime, computers: int | None = None) -> Attempt:
    """One attempt to activate over the internet; `computers` answers the question of an earlier one.

    `request_id` is new for each attempt. `now` is the computer's own time.
    """
    language = machine.language
    if machine.media.is_client_setup:
        return Attempt(Ending.FAILED, machine, say("confirm.by_host", language), ())
    if not machine.key:
        return Attempt(Ending.FAILED, machine, say("internet.no_key", language, name=machine.name), ())
    probed = _modem(machine) if machine.routes.modem else _probe(machine)
    steps = (Step(Code.STARTED, say("internet.started", language)), probed)
    if probed.code not in (Code.SERVICE_UP, Code.MODEM_CONNECTS):
        return _failed(machine, now, say("internet.unavailable", language), steps)
    address = _where_to_send(machine)
    if isinstance(address, Step):
        return _failed(machine, now, address.words, (*steps, address))
    request = write_request(machine, request_id, now, computers)
    answer = connection.send(address, request.body, request.headers)
    if isinstance(answer, Failure):
        failed = _no_answer(answer, address, language)
        return replace(_failed(machine, now, failed.words, (*steps, failed)), request=request)
    return _read(machine, now, request, answer, (*steps, _sent(address, language)))


def _probe(machine: Machine) -> Step:
    address, language = probe_address(machine), machine.language
    if isinstance(address, Declined):
        return Step(Code.SERVICE_DOWN, address.sentence)
    answer = connection.ask(address)
    place = {"scheme": address.scheme.upper(), "host": address.host, "port": address.port}
    if isinstance(answer, Failure):
        return Step(Code.SERVICE_DOWN, say("internet.probe_silent", language, **place))
    if answer.status >= DOWN_FROM:
        return Step(Code.SERVICE_DOWN, say("internet.probe_down", language, status=answer.status, **place))
    return Step(Code.SERVICE_UP, say("internet.probe_up", language, status=answer.status, **place))


def _modem(machine: Machine) -> Step:
    """No HTTP probe: only whether the modem can connect is looked at (row 31)."""
    address, language = activation_address(machine), machine.language
    if isinstance(address, Declined) or not connection.connects(address):
        return Step(Code.MODEM_FAILS, say("internet.modem_fails", language))
    return Step(Code.MODEM_CONNECTS, say("internet.modem_connects", language))


def _where_to_send(machine: Machine) -> Address | Step:
    """An encrypted address, or one on this very machine; else the step that says why nothing is sent."""
    address, language = activation_address(machine), machine.language
    if isinstance(address, Declined):
        return Step(Code.NOT_REACHED, address.sentence)
    if address.is_secure or address.is_loopback:
        return address
    return Step(Code.NOT_ENCRYPTED, say("internet.not_encrypted", language, host=address.host))


def _sent(address: Address, language: str) -> Step:
    code = Code.SENT_SECURELY if address.is_secure else Code.SENT_ON_LOOPBACK
    key = "internet.sent_securely" if address.is_secure else "internet.sent_on_loopback"
    return Step(code, say(key, language, host=address.host, port=address.port))


def _no_answer(failure: Failure, address: Address, language: str) -> Step:
    code = Code.NOT_TRUSTED if failure is Failure.NOT_TRUSTED else Code.NOT_REACHED
    return Step(code, say(f"internet.{failure.value}", language, host=address.host, port=address.port))


def _failed(machine: Machine, now: datetime, sentence: str, steps: tuple[Step, ...]) -> Attempt:
    return Attempt(Ending.FAILED, happened(machine, now, Kind.INTERNET, sentence), sentence, steps)


def _read(machine: Machine, now: datetime, request: ActivationRequest, answer: Answer, steps: tuple[Step, ...]) -> Attempt:
    """Takes the answer: a confirmation ID is confirmed at once, as if it had been typed."""
    if answer.status == HTTPStatus.OK:
        granted = _decoded(answer.body, Granted)
        if granted is not None:
            return _confirmed(machine, now, request, granted, steps)
    problem = _decoded(answer.body, Problem)
    if problem is None:
        step = Step(Code.NOT_UNDERSTOOD, say("internet.not_understood", machine.language, status=answer.status))
        machine = happened(machine, now, Kind.INTERNET, step.words)
        return Attempt(Ending.FAILED, machine, step.words, (*steps, step), request, answer.status)
    sentence, ending = connection.fit_to_show(problem.detail), _ending(problem)
    told = happened(machine, now, Kind.INTERNET, sentence)
    every = (*steps, Step(_code(answer.status, problem), f"{sentence} ({connection.fit_to_show(problem.code)})"))
    return Attempt(ending, told, sentence, every, request, answer.status, problem)


def _confirmed(
    machine: Machine, now: datetime, request: ActivationRequest, granted: Granted, steps: tuple[Step, ...]
) -> Attempt:
    outcome = confirm(machine, " ".join(granted.confirmation_id), now, ActivationRoute.INTERNET)
    if isinstance(outcome, NotConfirmed):
        every = (*steps, Step(Code.CONFIRMATION_REFUSED, outcome.sentence))
        return Attempt(Ending.FAILED, machine, outcome.sentence, every, request, HTTPStatus.OK, granted)
    words = " ".join(_told(granted, machine.language))
    return Attempt(Ending.ACTIVATED, outcome, words, steps, request, HTTPStatus.OK, granted)


def _told(granted: Granted, language: str) -> Iterator[str]:
    yield say("internet.activated", language)
    if granted.remaining is not None:
        yield say("internet.remaining", language, last_block=connection.fit_to_show(granted.key), count=granted.remaining)


def _ending(problem: Problem) -> Ending:
    return Ending.QUESTION if problem.code == "ask_first" else Ending.REFUSED


def _code(status: int, problem: Problem) -> Code:
    if problem.code == "ask_first":
        return Code.QUESTION
    return _CODES.get(status, Code.REFUSED)


def _decoded(body: bytes, kind: type[Document]) -> Document | None:
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError):
        return None
