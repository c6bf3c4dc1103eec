"""A person at work on the caller's own conversation: the digits finished, the claim decided, while the caller waits for it.

Everything happens in the console's transaction, so that what a person changes and what the line goes on with are the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from activation.catalogue import Layout
from activation.claims import Granted, NeedsAgent, RefusalCode, Refused, Verdict
from activation.digits import clean_digits
from activation.installation_id import BadId, IdFault, check_group, layout_of, read_installation_id
from ivr.account import progress
from ivr.conversation import Conversation
from ivr.dialogue import readback
from ivr.dialogue.decision import READ_WRONG, verdict_code
from ivr.dialogue.errands import claim_of
from ivr.entry import Entry
from ivr.records import CallRecord, Transaction
from ivr.state import State, read_state, write_state

WHOLE = 0
"""The number under which the ID as a whole is judged."""


class GroupFault(StrEnum):
    """Why digits were not taken; the value is the sentence for the person who typed them."""

    NO_SUCH_GROUP = "This installation ID has no such group."
    NOT_DIGITS = "A group is made of the digits 0 to 9."
    LENGTH = "This group does not have as many digits as it should."
    LAYOUT = "No installation ID begins like that."
    FIRST_GROUP = "Enter group 1 first: it tells how long the others are."
    CHECK = "The check digit does not hold: one of these digits is wrong."
    WHOLE = "Every group is right by itself, but together they are not an installation ID."
    NOT_AUTHENTIC = "Every check holds, but no computer shows this installation ID."


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """How one group stands, from 1, or the whole ID (`WHOLE`) once every group is there. Never its digits."""

    number: int
    fault: GroupFault | None = None

    @property
    def is_right(self) -> bool:
        """Whether the group, or the whole, was taken."""
        return self.fault is None


@dataclass(frozen=True, slots=True)
class Assistance:
    """What people may do in a caller's conversation, as long as the caller is with them: in the queue or at a desk."""

    conversation: Conversation

    def view(self, transaction: Transaction, call_sid: str) -> State | None:
        """Where the conversation stands; None once it is erased."""
        record = transaction.calls.find(call_sid)
        return read_state(record.state) if record and record.state else None

    def key_serial(self, state: State) -> int | None:
        """The serial of the key behind an authentic installation ID."""
        return self.conversation.key_serial(state)

    def enter_groups(self, transaction: Transaction, call_sid: str, groups: Mapping[int, str]) -> tuple[GroupVerdict, ...]:
        """Takes groups by number (from 1) as people type or paste them; an empty one is cleared. A verdict each, and one on the
        whole once it is complete. What fails changes nothing and is kept nowhere. Empty when the caller is gone."""
        held = self._held(transaction, call_sid)
        if held is None:
            return ()
        record, state = held
        entry, verdicts = self._fill(state.entry, groups)
        if entry == state.entry:
            return verdicts + self._judge_whole(entry)
        entry = self._resolved(replace(state, entry=entry))
        whole = self._judge_whole(entry)
        is_authentic = any(verdict.is_right for verdict in whole)
        self._keep(transaction, record, _with_digits(state, entry, is_authentic=is_authentic))
        return verdicts + whole

    def decide(
        self, transaction: Transaction, call_sid: str, *, computers: int | None = None, waived: bool = False
    ) -> Verdict | None:
        """The desk's verdict on the complete ID; `waived` is an exception made for the caller. A grant is read out when the
        caller is back on the line. None when the ID is not complete or the caller is gone."""
        held = self._held(transaction, call_sid)
        if held is None or not held[1].entry.is_complete:
            return None
        record, state = held
        asked = replace(state.entry, computers=computers or state.entry.computers, finished_by_agent=False)
        state = replace(state, entry=self._resolved(replace(state, entry=asked)))
        now = self.conversation.clock()
        verdict = self.conversation.desk.decide(replace(claim_of(state), waived=waived), transaction.ledger, now)
        self._keep(transaction, record, _with_verdict(state, verdict))
        return verdict

    def _held(self, transaction: Transaction, call_sid: str) -> tuple[CallRecord, State] | None:
        """The call, if the people have its caller. On the line its state belongs to the caller alone."""
        record = transaction.calls.find(call_sid)
        state = read_state(record.state) if record and record.state else None
        return (record, state) if record and state and state.is_with_people else None

    def _keep(self, transaction: Transaction, record: CallRecord, state: State) -> None:
        kept, now = replace(record, state=write_state(state)), self.conversation.clock()
        transaction.calls.save(kept, progress(state), unfinished=state.is_unfinished, waiting=True, at=now)

    def _fill(self, entry: Entry, groups: Mapping[int, str]) -> tuple[Entry, tuple[GroupVerdict, ...]]:
        """The entry with these groups, those that were taken; group 1 tells the layout, even if it is wrong itself."""
        catalogue = self.conversation.line.catalogue
        typed = {number: clean_digits(text) for number, text in sorted(groups.items())}
        first = layout_of(typed.get(1) or "", catalogue)
        verdicts: list[GroupVerdict] = []
        for number, digits in typed.items():
            known = catalogue.layouts[entry.layout] if entry.layout else first
            layout = first if number == 1 and digits else known
            taken = _take(entry, layout, number, digits)
            fault = taken if isinstance(taken, GroupFault) else None
            entry = taken if isinstance(taken, Entry) else entry
            verdicts.append(GroupVerdict(number, fault))
        return entry, tuple(verdicts)

    def _resolved(self, state: State) -> Entry:
        """The complete entry, put right where groups were said and an authentic ID is among all that may have been."""
        entry = state.entry
        if not (entry.is_complete and entry.candidates):
            return entry
        resolved = self.conversation.desk.resolve(claim_of(state))
        return entry if resolved.heard else entry.proven(resolved.installation_id)

    def _judge_whole(self, entry: Entry) -> tuple[GroupVerdict, ...]:
        if not entry.is_complete or entry.left_to_others is not None:
            return ()
        desk = self.conversation.desk
        opened = read_installation_id(entry.digits, desk.catalogue, desk.secrets)
        return (GroupVerdict(WHOLE, _fault_of(opened) if isinstance(opened, BadId) else None),)


def _take(entry: Entry, layout: Layout | None, number: int, digits: str | None) -> Entry | GroupFault:
    """The entry with this group in its place, or cleared of it; or why not."""
    if digits is None:
        return GroupFault.NOT_DIGITS
    if layout is None:
        return entry if not digits else GroupFault.LAYOUT if number == 1 else GroupFault.FIRST_GROUP
    if not 1 <= number <= len(layout.groups):
        return GroupFault.NO_SUCH_GROUP
    return _place(entry, layout, number - 1, digits)


def _place(entry: Entry, layout: Layout, index: int, digits: str) -> Entry | GroupFault:
    if digits and len(digits) != layout.groups[index]:
        return GroupFault.LENGTH
    if digits and not check_group(digits):
        return GroupFault.CHECK
    # A first group of another layout starts the ID anew: the other groups had other lengths.
    kept = entry.groups if layout.name == entry.layout else ()
    heard = entry.heard if kept else ()
    anew = replace(entry, layout=layout.name, groups=kept or (None,) * len(layout.groups), heard=heard)
    placed = anew.with_group(index, digits or None, None)
    return placed if any(placed.groups) else replace(placed, layout=None, groups=())


def _fault_of(bad: BadId) -> GroupFault:
    return GroupFault.NOT_AUTHENTIC if bad.fault is IdFault.NOT_AUTHENTIC else GroupFault.WHOLE


def _with_digits(state: State, entry: Entry, *, is_authentic: bool) -> State:
    """Other digits are another computer's: what was answered or granted for those before is nothing to go on with."""
    fresh = replace(entry, computers=None, authentic=is_authentic, finished_by_agent=is_authentic)
    return replace(state, entry=fresh, readback=None, settled=False)


def _with_verdict(state: State, verdict: Verdict) -> State:
    state = replace(state, verdicts=(*state.verdicts, verdict_code(verdict)))
    is_read_wrong = isinstance(verdict, Refused) and verdict.code in READ_WRONG
    state = replace(state, entry=replace(state.entry, authentic=not is_read_wrong))
    match verdict:
        case Granted():
            return readback.take_from_agent(replace(state, settled=False), verdict)
        case NeedsAgent(_, product_group):
            return replace(state, product_group=product_group or state.product_group)
        case Refused(code):
            return replace(state, settled=code is not RefusalCode.SERVICE_DOWN)
    return state
