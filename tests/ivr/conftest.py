"""A phone held to the bare dialogue: no database, no XML; the house's answers are what the test says they are."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from activation.catalogue import Catalogue, Layout
from activation.claims import Claim, Granted, Verdict
from activation.confirmation_id import write_confirmation_id
from activation.installation_id import Installation, write_installation_id
from activation.secrets import Secrets
from ivr.dialogue.line import Line
from ivr.dialogue.step import step
from ivr.errand import BookCallback, Decide, FetchEarlier, FindAgreement, OpenCase, SendText, TakeOver
from ivr.heard import (
    AgreementLookedUp,
    Alternative,
    CallbackAnswered,
    CallStarted,
    CaseOpened,
    Decided,
    Digits,
    EarlierFetched,
    Heard,
    Silence,
    Speech,
    Staffing,
    TakenOver,
    TextQueued,
)
from ivr.prompts import Ask, Prompt, Spell, Spoken, Tone
from ivr.records import Standing, VolumeAgreement, VolumeGroup, Whereabouts
from ivr.script import load_scripts
from ivr.spoken import load_vocabulary
from ivr.state import Place, State

AGREEMENT = VolumeAgreement(
    "12345671", (VolumeGroup("windows-7", "Windows 7", 50, 49), VolumeGroup("vista", "Windows Vista", 20, 20))
)
SEVEN_CODE = 33


@dataclass
class Phone:
    """One call: `press`, `speak`, `wait`; then `place`, `words`, `ask`."""

    line: Line
    verdict: Callable[[Claim], Verdict]
    resolve: Callable[[Claim], Claim] = lambda claim: claim
    staffing: Staffing = field(default_factory=lambda: Staffing(True, 0, "Monday to Friday"))
    standing: Standing | None = None
    wanted: Whereabouts = Whereabouts.AGENT
    agreement: VolumeAgreement | None = AGREEMENT
    earlier: State | None = None
    state: State = field(default_factory=State)
    prompts: tuple[Prompt, ...] = ()
    errands: list[object] = field(default_factory=list)

    def hear(self, heard: Heard) -> "Phone":
        self.state, self.prompts = step(self.line, self.state, heard)
        while errand := self.state.errand:
            assert (self.state.place, self.prompts) == (Place.DECIDING, ()), "while deciding, nothing is said"
            self.errands.append(errand)
            self.state, self.prompts = step(self.line, self.state, self._answer(errand))
        return self

    def _answer(self, errand: object) -> Heard:
        match errand:
            case Decide(claim):
                resolved = self.resolve(claim)
                return Decided(self.verdict(resolved), resolved.installation_id)
            case FindAgreement(number):
                known = self.agreement if self.agreement and self.agreement.number == number else None
                return AgreementLookedUp(known)
            case OpenCase():
                return CaseOpened("204817", self.staffing, self.standing)
            case SendText():
                return TextQueued()
            case FetchEarlier():
                return EarlierFetched(self.earlier)
            case BookCallback():
                return CallbackAnswered(self.staffing.is_open)
            case TakeOver():
                return TakenOver(self.earlier, self.wanted)
        raise AssertionError(errand)

    def call(self, **started: object) -> "Phone":
        return self.hear(CallStarted(**started))  # type: ignore[arg-type]

    def press(self, *keys: str) -> "Phone":
        for each in keys:
            self.hear(Digits(each))
        return self

    def speak(self, *texts: str) -> "Phone":
        for text in texts:
            self.hear(Speech((Alternative(text),)))
        return self

    def mumble(self, *alternatives: tuple[str, float]) -> "Phone":
        """Say something that may be written down in several ways, the likeliest first."""
        return self.hear(Speech(tuple(Alternative(text, score) for text, score in alternatives)))

    def wait(self, times: int = 1) -> "Phone":
        for _ in range(times):
            self.hear(Silence())
        return self

    @property
    def place(self) -> Place:
        return self.state.place

    @property
    def ask(self) -> Ask:
        question = self.prompts[-1]
        assert isinstance(question, Ask)
        return question

    @property
    def words(self) -> str:
        """Everything that is said now, as text."""
        spoken: list[Spoken] = []
        for prompt in self.prompts:
            spoken += prompt.spoken if isinstance(prompt, Ask) else [prompt] if isinstance(prompt, Spoken) else []
        script = self.line.scripts[self.state.language]
        return " ".join(
            f"{each.label} {' '.join(each.characters)}"
            if isinstance(each, Spell)
            else "♪"
            if isinstance(each, Tone)
            else script.speaking(each.language).sentence(each.key, **dict(each.values))
            for each in spoken
        )


@pytest.fixture(scope="session")
def line(catalogue: Catalogue) -> Line:
    scripts = load_scripts()
    return Line("Test Line", catalogue, scripts, {language: load_vocabulary(language) for language in scripts})


def grant(claim: Claim, issue: int = 0, *, late_activation_fault: bool = False) -> Granted:
    """A grant with blocks that are right in form; what they unlock is no matter here."""
    blocks = write_confirmation_id(claim.installation_id, issue, Layout("default", (6,) * 9, 8, 6), b"k" * 32)
    return Granted(blocks, issue, "Windows 7 Professional", counted=True, late_activation_fault=late_activation_fault)


@pytest.fixture
def phone(line: Line) -> Phone:
    """A phone whose claims are all granted."""
    return Phone(line, grant)


def groups_of(catalogue: Catalogue, secrets: Secrets, layout: str, serial: int = 77) -> tuple[str, ...]:
    header = catalogue.header_for(catalogue.layouts[layout], 1)
    return write_installation_id(Installation(SEVEN_CODE, serial, 0x1234), header, secrets.installation_key(1))


@pytest.fixture(params=["default", "2003"])
def groups(request: pytest.FixtureRequest, catalogue: Catalogue, secrets: Secrets) -> tuple[str, ...]:
    """A right installation ID, in both layouts."""
    return groups_of(catalogue, secrets, request.param)


@pytest.fixture
def long_groups(catalogue: Catalogue, secrets: Secrets) -> tuple[str, ...]:
    """A right installation ID with check digits enough to tell one of its groups by the others."""
    return groups_of(catalogue, secrets, "default")


@pytest.fixture
def short_groups(catalogue: Catalogue, secrets: Secrets) -> tuple[str, ...]:
    """A right installation ID of the layout whose groups tell nothing of each other."""
    return groups_of(catalogue, secrets, "2003")


def wrong(group: str) -> str:
    """The group with its last digit off by one: its check does not hold."""
    return group[:-1] + str((int(group[-1]) + 1) % 10)


@pytest.fixture
def wrong_group() -> Callable[[str], str]:
    return wrong
