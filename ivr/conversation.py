"""Driving the dialogue from numbered turns: load, replay or step, run errands, save; all of a turn in one transaction.

A turn that arrives twice gets the answer it got the first time, a late one the current prompt, and nothing happens twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from activation.confirmation_id import BLOCK_LETTERS
from activation.desk import Desk
from ivr.dialogue.line import Line
from ivr.dialogue.step import step
from ivr.heard import (
    AgreementLookedUp,
    AskedForPerson,
    CallStarted,
    CaseOpened,
    Decided,
    EarlierFetched,
    Heard,
    HungUp,
    Staffing,
    TextQueued,
)
from ivr.phone_numbers import PhoneNumber
from ivr.prompts import Prompt
from ivr.records import CallRecord, NewCall, NewCase, Store, Transaction
from ivr.state import (
    Decide,
    Earlier,
    Errand,
    FetchEarlier,
    FindAgreement,
    OpenCase,
    Place,
    SendText,
    State,
    read_state,
    write_state,
)

RESUME_WINDOW = timedelta(minutes=30)
DROPPED_AFTER = timedelta(minutes=2)
"""A call without a turn for so long counts as dropped even if no status callback has said so."""
WAITING_AT_MOST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One webhook: its call, the number of the turn it answers (None for a call's first), what was heard."""

    sid: str
    turn: int | None
    heard: Heard
    caller: PhoneNumber
    dialled: PhoneNumber


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers webhooks. `render` makes a document of prompts, a language and the next turn; `staffing` knows who is there."""

    line: Line
    desk: Desk
    store: Store
    render: Callable[[tuple[Prompt, ...], str, int], str]
    staffing: Callable[[datetime], Staffing]
    clock: Callable[[], datetime]
    caller_key: bytes
    texts: bool
    """Whether text messages can be sent at all."""

    def answer(self, incoming: Incoming) -> str:
        """The document for one webhook, after everything it changes has been committed."""
        now = self.clock()
        return self.store.transaction(lambda transaction: self._answer(transaction, incoming, now))

    def hang_up(self, sid: str) -> None:
        """The call is over: ended and closed in the books, its state kept as long as it may be resumed."""

        def work(transaction: Transaction) -> None:
            record = transaction.calls.find(sid)
            state = read_state(record.state) if record and record.state else None
            if record and state and state.place is not Place.ENDED:
                ended, _ = step(self.line, state, HungUp())
                kept = replace(record, state=write_state(ended))
                transaction.calls.save(kept, unfinished=ended.is_unfinished, waiting=False, at=now)
            transaction.calls.close(sid, now)

        now = self.clock()
        self.store.transaction(work)

    def language(self, sid: str) -> str:
        """The language a call is held in; the line's first one for a call without a state."""
        record = self.store.read(lambda transaction: transaction.calls.find(sid))
        return (read_state(record.state) if record and record.state else State()).language

    def forget_stale(self) -> int:
        """Erases what calls left behind that can no longer be resumed; returns how many there were."""
        now = self.clock()
        return self.store.transaction(
            lambda transaction: transaction.calls.forget_stale(now - RESUME_WINDOW, now - WAITING_AT_MOST)
        )

    def _answer(self, transaction: Transaction, incoming: Incoming, now: datetime) -> str:
        record = transaction.calls.find(incoming.sid)
        if record is None:
            hashed = incoming.caller.hashed(self.caller_key)
            dialled = incoming.dialled.number if incoming.dialled.is_real else ""
            transaction.calls.open(NewCall(incoming.sid, hashed, incoming.caller.hint, dialled, now))
            return self._turn(transaction, CallRecord(incoming.sid, 0, b"", ""), incoming, now)
        if record.state and not _is_due(incoming, record):
            return record.answer
        return self._turn(transaction, record, incoming, now)

    def _turn(self, transaction: Transaction, record: CallRecord, incoming: Incoming, now: datetime) -> str:
        """One step of the dialogue and of every errand it leads to. A call without a state starts from the beginning."""
        if record.state:
            before, heards = read_state(record.state), [incoming.heard]
        else:
            before, heards = State(), [self._started(transaction, incoming, now)]
            heards += [incoming.heard] if isinstance(incoming.heard, AskedForPerson) else []
        state, said = self._talk(transaction, before, heards, incoming, now)
        if state.replaces != before.replaces:
            transaction.calls.forget(state.replaces)
        turn = record.turn + 1
        kept = CallRecord(record.sid, turn, write_state(state), self.render(said, state.language, turn))
        waiting = state.place is Place.QUEUE
        transaction.calls.save(kept, unfinished=state.is_unfinished, waiting=waiting, at=now)
        return kept.answer

    def _talk(
        self, transaction: Transaction, state: State, heards: list[Heard], incoming: Incoming, now: datetime
    ) -> tuple[State, tuple[Prompt, ...]]:
        said: tuple[Prompt, ...] = ()
        for heard in heards:
            state, said = step(self.line, state, heard)
            while errand := state.errand:
                state, said = step(self.line, state, self._run(transaction, errand, state, incoming, now))
        return state, said

    def _started(self, transaction: Transaction, incoming: Incoming, now: datetime) -> CallStarted:
        return CallStarted(
            country=self.line.catalogue.region_of_number(incoming.dialled.number),
            textable=self.texts and incoming.caller.is_real,
            recognised=incoming.caller.is_real,
            service_up=transaction.ledger.service_is_up(),
            earlier=self._earlier(transaction, incoming, now),
        )

    def _earlier(self, transaction: Transaction, incoming: Incoming, now: datetime) -> Earlier | None:
        """The one unfinished call of this caller; with two of them nobody can tell which is meant."""
        hashed = incoming.caller.hashed(self.caller_key)
        if hashed is None:
            return None
        since, quiet = now - RESUME_WINDOW, now - DROPPED_AFTER
        dropped = transaction.calls.resumable(hashed, active_since=since, quiet_since=quiet)
        if len(dropped) != 1:
            return None
        entry = read_state(dropped[0].state).entry
        return Earlier(dropped[0].sid, entry.proof + 1, len(entry.groups[entry.proof] or ""))

    def _run(self, transaction: Transaction, errand: Errand, state: State, incoming: Incoming, now: datetime) -> Heard:
        match errand:
            case Decide(claim):
                return Decided(self.desk.decide(claim, transaction.ledger, now))
            case FindAgreement(number):
                return AgreementLookedUp(transaction.agreements.find(number))
            case OpenCase(reason):
                case = NewCase(incoming.sid, reason, state.language, collected(state))
                return CaseOpened(transaction.cases.open(case, now), self.staffing(now))
            case SendText():
                transaction.outbox.add_text_message(incoming.caller.number, self._text(state), now)
                return TextQueued()
            case FetchEarlier(sid):
                record = transaction.calls.find(sid)
                return EarlierFetched(read_state(record.state) if record and record.state else None)

    def _text(self, state: State) -> str:
        blocks = state.readback.blocks if state.readback else ()
        lettered = " ".join(f"{letter} {block}" for letter, block in zip(BLOCK_LETTERS, blocks, strict=False))
        return self.line.scripts[state.language].sentence("text.body", blocks=lettered)


def _is_due(incoming: Incoming, record: CallRecord) -> bool:
    """Whether a webhook answers the turn in hand. A wish for a person after a failed document may not know its turn."""
    return incoming.turn == record.turn or (incoming.turn is None and isinstance(incoming.heard, AskedForPerson))


def collected(state: State) -> dict[str, Any]:
    """Everything the caller gave, for the person who goes on; never digits that did not authenticate."""
    entry, request = state.entry, state.request
    gathered: dict[str, Any] = {
        "groups_accepted": [number for number, group in enumerate(entry.groups, start=1) if group],
        "failures_by_group": list(entry.failures),
        "country": state.country,
        "verdicts": list(state.verdicts),
        "product_group": state.product_group,
    }
    if entry.authentic:
        gathered |= {"installation_id": entry.digits, "computers": entry.computers}
    if state.readback:
        gathered |= {"product": state.readback.product, "workaround": state.readback.workaround}
    if request:
        gathered |= {"agreement": request.agreement, "add": request.add, "request": request.reason}
        gathered["product_group"] = request.group.name if request.group else state.product_group
    return gathered
