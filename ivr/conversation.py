"""Driving the dialogue from numbered turns: load, replay or step, run errands, save; all of a turn in one transaction.

A turn that arrives twice gets the answer it got the first time, a late one the current prompt, and nothing happens twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr.account import CALLER, Event, Happened, ended, happened, progress
from ivr.dialogue import person
from ivr.dialogue.step import step
from ivr.heard import AskedForPerson, Heard, HungUp, MovedByPeople, SentTo
from ivr.house import RESUME_WINDOW, House, Incoming, state_of
from ivr.prompts import Prompt, Say, say
from ivr.records import CallRecord, NewCall, Store, Transaction, Whereabouts
from ivr.state import Callback, Place, State, read_state, write_state

WAITING_AT_MOST = timedelta(hours=24)
LONGEST_WAIT_SECONDS = 300
"""While nobody can come, nobody is kept in the queue for longer."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting caller's round of music is over: the telephony side's name of its queue, how long the caller has waited there,
    whether the caller pressed star."""

    sid: str
    queue_sid: str
    seconds: int
    pressed_star: bool


@dataclass(frozen=True, slots=True)
class Round:
    """What a waiting caller hears next, in which language, and whether the waiting ends here."""

    language: str
    said: tuple[Say, ...]
    leaves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(House):
    """Answers webhooks. `render` makes a document of prompts, a language, the CallSid and the next turn."""

    store: Store
    render: Callable[[tuple[Prompt, ...], str, str, int], str]
    clock: Callable[[], datetime]

    def answer(self, incoming: Incoming) -> str:
        """The document for one webhook, after everything it changes has been committed."""
        now = self.clock()
        return self.store.transaction(lambda transaction: self._answer(transaction, incoming, now))

    def hang_up(self, sid: str, case_number: str = "") -> None:
        """The call is over: ended and closed in the books, its state kept as long as it may be resumed.

        `case_number` is that of a callback, whose phone may never have been picked up.
        """
        now = self.clock()
        self.store.transaction(lambda transaction: self._close(transaction, sid, case_number, now))

    def wait(self, waiting: Waiting) -> Round:
        """One more round in the queue, or out of it: when an agent has answered, when star was pressed, when nobody comes."""
        now = self.clock()
        return self.store.transaction(lambda transaction: self._wait(transaction, waiting, now))

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
            record = CallRecord(incoming.sid, 0, b"", "")
        if record.state and not _is_due(incoming, record):
            return record.answer
        return self._turn(transaction, record, incoming, now)

    def _turn(self, transaction: Transaction, record: CallRecord, incoming: Incoming, now: datetime) -> str:
        """One step of the dialogue and of every errand it leads to. A call without a state starts from the beginning."""
        if record.state:
            before = read_state(record.state)
            heards = [self._as_people_want(transaction, incoming, before, now)]
            if _is_there_already(incoming, before, heards[0]):
                return record.answer
        else:
            before, heards = State(language=self.line.language), [self._started(transaction, incoming, now)]
            heards += [incoming.heard] if isinstance(incoming.heard, AskedForPerson) else []
        state, said = self._talk(transaction, before, heards, incoming, now)
        self._tell(transaction, record.sid, happened(self.line, before, heards[0], state, said), now)
        if state.replaces != before.replaces:
            transaction.calls.forget(state.replaces)
        if state.place is Place.ENDED and before.place is not Place.ENDED:
            self._let_go(transaction, record.sid, state, now)
        turn = record.turn + 1
        answer = self.render(said, state.language, record.sid, turn)
        self._save(transaction, CallRecord(record.sid, turn, b"", answer), state, now)
        return answer

    def _talk(
        self, transaction: Transaction, state: State, heards: list[Heard], incoming: Incoming, now: datetime
    ) -> tuple[State, tuple[Prompt, ...]]:
        said: tuple[Prompt, ...] = ()
        for heard in heards:
            state, said = step(self.line, state, heard)
            while errand := state.errand:
                state, said = step(self.line, state, self._run(transaction, errand, state, incoming, now))
        return state, said

    def _save(
        self, transaction: Transaction, record: CallRecord, state: State, now: datetime, place: Place | None = None
    ) -> None:
        """`place` is where a caller who hung up was: that, and not the end, is what reports tell."""
        kept, waiting = replace(record, state=write_state(state)), state.is_with_people
        reached = replace(progress(state), place=place or state.place)
        transaction.calls.save(kept, reached, unfinished=state.is_unfinished, waiting=waiting, at=now)

    def _tell(self, transaction: Transaction, sid: str, told: Happened | None, now: datetime) -> None:
        if told:
            transaction.timeline.add(sid, now, told.actor, told.event.value, told.detail)

    def _wait(self, transaction: Transaction, waiting: Waiting, now: datetime) -> Round:
        state = state_of(transaction, waiting.sid)
        sid, language = waiting.sid, state.language if state else self.line.language
        if waiting.pressed_star or self.floor.whereabouts(transaction, sid) is not Whereabouts.QUEUE:
            return Round(language, (), leaves=True)
        place = self.floor.standing(transaction, sid, waiting.queue_sid, now)
        people = self.floor.people(transaction, language, now)
        is_open, hours = self.hours(now, language)
        if not people and not is_open:
            return Round(language, (say("person.closed_by_now", hours=hours),), leaves=True)
        if not people and waiting.seconds >= LONGEST_WAIT_SECONDS:
            return Round(language, (), leaves=True)
        return Round(language, person.waiting(people, place, may_book=is_open), leaves=False)

    def _close(self, transaction: Transaction, sid: str, case_number: str, now: datetime) -> None:
        record, state = transaction.calls.find(sid), state_of(transaction, sid)
        if record and state and state.place is not Place.ENDED:
            gone, _ = step(self.line, state, HungUp())
            self._tell(transaction, sid, ended(state), now)
            self._let_go(transaction, sid, gone, now)
            self._save(transaction, record, gone, now, place=state.place)
        elif record is None and case_number:
            if case := transaction.cases.find(case_number):
                self._give_up_callback(transaction, case.call_sid, now)
        elif state is None:
            self.floor.leave(transaction, sid, now, hung_up=True)
        transaction.calls.close(sid, now)

    def _let_go(self, transaction: Transaction, sid: str, state: State, now: datetime) -> None:
        """Tells the people that the caller is gone, unless they are to call back; a callback in vain is given up."""
        if state.callback.of:
            self._give_up_callback(transaction, state.callback.of, now)
        elif state.case_number and not state.callback.is_booked:
            self.floor.leave(transaction, sid, now, hung_up=True)

    def _give_up_callback(self, transaction: Transaction, sid: str, now: datetime) -> None:
        """The call that asked for it stands as if it had been cut off: to be resumed for a while, then erased."""
        record, state = transaction.calls.find(sid), state_of(transaction, sid)
        if record is None or state is None or not state.callback.is_booked:
            return
        self.floor.leave(transaction, sid, now, hung_up=False)
        self._tell(transaction, sid, Happened(CALLER, Event.CALLBACK_NOT_REACHED, {}), now)
        self._save(transaction, record, replace(state, callback=Callback()), now)


def _is_due(incoming: Incoming, record: CallRecord) -> bool:
    """Whether a webhook answers the turn in hand. A wish for a person after a failed document, or people who move a caller, may
    not know its turn."""
    knows_no_turn = isinstance(incoming.heard, AskedForPerson | MovedByPeople)
    return incoming.turn == record.turn or (incoming.turn is None and knows_no_turn)


def _is_there_already(incoming: Incoming, state: State, heard: Heard) -> bool:
    """Whether people moved a caller to where the caller is; such a webhook may have arrived twice."""
    return incoming.turn is None and isinstance(heard, SentTo) and heard.to is state.whereabouts
