"""What the floor keeps and looks up, as protocols; `data/` implements them over one open transaction. Times are UTC."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from callcenter.floor.activations import Activations, VerdictCounts
from callcenter.floor.audit import AuditEntry
from callcenter.floor.calls import CallSummary, Case, Happening, OpenedCase, Snapshot
from callcenter.floor.customers import Agreement, Contact, Notice, Passed
from callcenter.floor.facts import Facts
from callcenter.floor.keys import FloorKey, Host
from callcenter.floor.people import Agent, Presence
from callcenter.floor.queue import Handling, QueueEntry
from callcenter.floor.registrations import Registrations
from callcenter.floor.requests import Request

Result = TypeVar("Result")


class People(Protocol):
    """The agents who may sign in."""

    def find(self, name: str) -> Agent | None: ...
    def all(self) -> tuple[Agent, ...]:
        """Every agent, by name."""

    def add(self, agent: Agent) -> bool:
        """Records a new agent; False when the name is taken."""

    def save(self, agent: Agent) -> None:
        """Replaces everything but name and `created_at`."""


class Presences(Protocol):
    """What every agent is doing. An agent never set is offline and has no row."""

    def find(self, agent: str) -> Presence | None:
        """Held against other writers until the transaction ends."""

    def all(self) -> tuple[Presence, ...]: ...
    def set(self, presence: Presence) -> None: ...
    def seen(self, agent: str, at: datetime) -> None:
        """The agent's page is alive."""


class Queue(Protocol):
    """The places in the queue; the database owns the order."""

    def find(self, call_sid: str) -> QueueEntry | None:
        """Held against other writers until the transaction ends."""

    def save(self, entry: QueueEntry) -> None:
        """Adds the entry or replaces the one of the same call."""

    def waiting(self) -> tuple[QueueEntry, ...]:
        """Everybody who waits, in order."""

    def claim(self, call_sid: str, agent: str, at: datetime) -> bool:
        """Gives a waiting entry to an agent, in one statement; False when somebody else was faster or it is gone."""

    def of_case(self, case_number: str) -> QueueEntry | None:
        """The latest entry of a case."""

    def set_callback(self, call_sid: str, number: str) -> None:
        """Keeps the number to call back, encrypted."""

    def callback_number(self, call_sid: str) -> str | None:
        """The number to call back, while it is kept."""

    def erase_callback(self, call_sid: str) -> None: ...
    def move(self, call_sid: str, new_sid: str) -> None:
        """The callback is a call of its own: the entry goes on under its CallSid."""


class Handlings(Protocol):
    """The agents' times with calls."""

    def add(self, handling: Handling) -> None: ...
    def save(self, handling: Handling) -> None:
        """Replaces everything but the `id`; a callback goes on under its own CallSid."""

    def open_of_agent(self, agent: str) -> Handling | None:
        """The one that is not wrapped up yet."""

    def of_call(self, call_sid: str) -> tuple[Handling, ...]:
        """By time of the answer."""

    def talking(self) -> tuple[Handling, ...]:
        """Every one that has not parted."""

    def recent_seconds(self, newest: int) -> tuple[float, ...]:
        """From answer to wrap-up's end, of the newest finished ones."""


class Cases(Protocol):
    """Calls handed to a person."""

    def find(self, number: str) -> Case | None: ...
    def of_call(self, call_sid: str) -> Case | None:
        """The latest case of a call."""

    def of_key(self, serial: int, newest: int) -> tuple[Case, ...]:
        """The key's newest cases, newest first."""

    def newest(self, count: int) -> tuple[OpenedCase, ...]:
        """Newest first."""

    def save_answers(self, number: str, answers: Mapping[str, str]) -> None: ...
    def move(self, call_sid: str, new_sid: str) -> None:
        """A callback goes on under its own CallSid."""


class Timeline(Protocol):
    """Everything that happened in a call, in order."""

    def add(self, call_sid: str, at: datetime, actor: str, kind: str, detail: Mapping[str, Any]) -> None:
        """One more happening of the call."""

    def of_call(self, call_sid: str) -> tuple[Happening, ...]: ...
    def move(self, call_sid: str, new_sid: str) -> None:
        """A callback goes on under its own CallSid."""


class CallLog(Protocol):
    """The calls of the line, for people to look at."""

    def live(self) -> tuple[CallSummary, ...]:
        """Every call that is not closed and not given up as silent, by start."""

    def summary(self, sid: str) -> CallSummary | None: ...


class Live(Protocol):
    """The floor as the live pages show it."""

    def snapshot(self, now: datetime) -> Snapshot:
        """Everything at once, cheap enough to be asked for several times a second."""


class Measures(Protocol):
    """What reports are computed from."""

    def facts(self, since: datetime, until: datetime) -> Facts:
        """What happened from `since` on and before `until`; `Facts` says by which moment of each row."""


class Agreements(Protocol):
    """The volume agreements and their contacts."""

    def get(self, number: str) -> Agreement | None: ...
    def all(self) -> tuple[Agreement, ...]: ...
    def contacts(self, number: str) -> tuple[Contact, ...]: ...


class Keys(Protocol):
    """The keys and their counts. Every change is one statement that cannot break a limit."""

    def get(self, serial: int) -> FloorKey | None: ...
    def of_agreement(self, number: str) -> tuple[FloorKey, ...]:
        """By serial."""

    def hosts(self, serial: int, newest: int) -> tuple[Host, ...]:
        """The key's newest installations, newest first."""

    def raise_allowed(self, serial: int, by: int) -> bool:
        """False for an unknown key."""

    def lower_allowed(self, serial: int, to: int) -> bool:
        """False when more than `to` are used by now, or fewer are allowed by now: lowering never raises."""

    def raise_issues(self, seat: str, by: int) -> bool:
        """More activations for one KMS host; False for a seat without such a limit."""

    def set_blocked(self, serial: int, *, blocked: bool) -> bool:
        """False for an unknown key."""

    def add(self, key: FloorKey, last_block: str) -> None:
        """Records a new key."""

    def next_serial(self) -> int:
        """A serial nobody has."""

    def issues_since(self, serial: int, since: datetime) -> int:
        """How many confirmation IDs were given out under this key since then."""


class Requests(Protocol):
    """The changes people asked for."""

    def add(self, request: Request) -> None: ...
    def find(self, id: str) -> Request | None:
        """Held against other writers until the transaction ends."""

    def decide(self, request: Request) -> bool:
        """Stores status, decider, time and words of a request that is still held; False when somebody was faster."""

    def held(self) -> tuple[Request, ...]:
        """Oldest first."""

    def recent(self, newest: int) -> tuple[Request, ...]:
        """Decided or not, newest first."""

    def of_case(self, case_number: str) -> tuple[Request, ...]:
        """Newest first."""

    def of_key(self, serial: int) -> tuple[Request, ...]:
        """Newest first."""

    def of_agreement(self, number: str) -> tuple[Request, ...]:
        """Newest first."""

    def raised_since(self, serial: int, since: datetime) -> int:
        """By how much applied raises that needed nobody else's approval have raised the key's counters since then, together."""

    def exceptions_since(self, serial: int, since: datetime) -> int:
        """How many exceptions were applied under this key since then."""


class Verifications(Protocol):
    """One-time codes, and attempts that failed."""

    def add_code(self, agreement: str, contact: str, code_hash: str, expires_at: datetime) -> None:
        """Keeps the contact's new code; the one before is void."""

    def use_code(self, agreement: str, contact: str, code_hash: str, at: datetime) -> bool:
        """Spends an unused, unexpired code, in one statement."""

    def failed(self, scope: str, at: datetime) -> None:
        """Notes a failed attempt; the scope says at what: `case/100001`, `agreement/40718621`."""

    def failures(self, scope: str, since: datetime) -> int: ...
    def clear(self, scope: str) -> None:
        """A person with the right to has unlocked it."""

    def passed(self, case_number: str, agreement: str, contact: str, method: str, at: datetime) -> None:
        """Records a method passed, for this case, agreement and contact."""

    def passes(self, case_number: str) -> tuple[Passed, ...]: ...


class Search(Protocol):
    """What can be found by its tail alone, because nothing more of it is kept in the open."""

    def keys_ending(self, last_block: str, limit: int) -> tuple[FloorKey, ...]:
        """The keys whose text ends with this block of five, by serial."""

    def seats_ending(self, hardware_tail: str, limit: int) -> tuple[tuple[int, Host], ...]:
        """Installations (with their key's serial) whose hardware hash ends so, newest first; hexadecimal, lower case."""


class Notices(Protocol):
    """What the customer's contacts are told in the portal."""

    def add(self, agreement: str, contact: str | None, sentence: str, at: datetime) -> None: ...
    def of_agreement(self, number: str) -> tuple[Notice, ...]:
        """Newest first."""


class AuditChain(Protocol):
    """The append-only chain of console acts."""

    def head(self) -> AuditEntry | None:
        """The newest entry, held against other writers until the transaction ends."""

    def append(self, entry: AuditEntry, personal_text: str | None) -> None: ...
    def after(self, number: int, limit: int) -> tuple[AuditEntry, ...]:
        """Entries in order, from `number` + 1."""

    def newest(
        self, limit: int, *, subject: str | None = None, actor: str | None = None, act: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The newest entries first, of one subject, one actor, one act where that is asked for."""

    def personal_text(self, reference: str) -> str | None:
        """What is kept outside the chain; None once erased."""

    def erase_personal_text(self, reference: str) -> bool:
        """Erases it for good; the chain stays whole. False when there is nothing."""


class RateCounters(Protocol):
    """Counters that run out, shared by all workers (for limits on attempts)."""

    def increase(self, key: str, by: int, lasts_seconds: float, now: datetime) -> int:
        """The count after the increase; a counter that has run out starts again."""

    def count(self, key: str, now: datetime) -> int: ...
    def runs_out_at(self, key: str, now: datetime) -> datetime:
        """When the counter starts again; `now` for one that counts nothing."""

    def clear(self, key: str) -> None: ...
    def erase_run_out(self, now: datetime) -> int:
        """Erases every counter that has run out, for their names may hold addresses; returns how many."""


class Outbox(Protocol):
    """What the clerk sends or asks of the telephony side later; payloads are encrypted and erased once done."""

    def add_text_message(self, to: str, body: str, at: datetime) -> None: ...
    def add_call_control(self, command: Mapping[str, str], at: datetime) -> None:
        """One REST act on a call; see `callcenter.service.telephony` for the commands."""


class Transaction(Protocol):
    """One open transaction over everything the floor needs."""

    @property
    def people(self) -> People: ...
    @property
    def presences(self) -> Presences: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def handlings(self) -> Handlings: ...
    @property
    def call_log(self) -> CallLog: ...
    @property
    def live(self) -> Live: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def timeline(self) -> Timeline: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def verifications(self) -> Verifications: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def audit(self) -> AuditChain: ...
    @property
    def rate_counters(self) -> RateCounters: ...
    @property
    def registrations(self) -> Registrations: ...
    @property
    def search(self) -> Search: ...
    @property
    def activations(self) -> Activations: ...
    @property
    def verdict_counts(self) -> VerdictCounts: ...
    @property
    def outbox(self) -> Outbox: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; on a conflict again, so `work` has no other effects."""

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""
