"""The agents' guided questions as data: what to ask a caller without an agreement (B1.9-10), in which order, and when.

A question appears once the answers before it lead there; so each way round a refused confirmation ID is unlocked by the failure
of the one before (row 91). Answers are options, never free text: nothing personal can be among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: what is stored, and the words beside it."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the caller. It is asked when every answer named in `when` is one of those listed there."""

    id: str
    words: str
    options: tuple[Option, ...]
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """The questions for one kind of trouble, in order."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """What an agent reads about a known fault, and says."""

    title: str
    cause: str
    fix: str
    ways: tuple[str, ...]
    after: str
    charge: str


LATE_ACTIVATION = Article(
    title="The wizard refuses a right confirmation ID (KB 824345)",
    cause="""The computer was activated by telephone after its thirty days of grace had ended. Only Windows Server 2003 is \
concerned: Web, Standard, Enterprise, and Enterprise for 64-bit.""",
    fix="A fix replaces two system files. It is only for computers that have this fault, and comes from us.",
    ways=(
        "Safe mode: start the computer in safe mode, install the fix there, and restart.",
        "Recovery console: start from the CD, copy the two files over the old ones in the recovery console, and restart.",
    ),
    after="After the restart there are thirty days of grace again, and the same confirmation ID is accepted.",
    charge="There is no charge: wrap the call up as a known issue with the fix sent.",
)
"""Rows 88 to 90 and 92."""

YES, NO = Option("yes", "Yes"), Option("no", "No")


def _is(question: str, *answers: str) -> Mapping[str, frozenset[str]]:
    return {question: frozenset(answers)}


LICENCE = Script(
    "Licence and computer",
    (
        Question(
            "origin",
            "How did the licence come?",
            (
                Option("preinstalled", "With the computer"),
                Option("retail", "By itself, in a box or by download"),
                Option("subscription", "With a developer subscription"),
                Option("evaluation", "To try it out"),
                Option("unknown", "The caller does not know"),
            ),
        ),
        Question(
            "image",
            "Is it still the system the maker installed, or one built from it?",
            (YES, NO),
            _is("origin", "preinstalled"),
            hint="Only the maker's own image is activated without a call.",
        ),
        Question(
            "computer",
            "Is it the computer on which this copy was activated before?",
            (
                Option("first", "It was never activated"),
                Option("same", "The same computer"),
                Option("another", "Another computer"),
                Option("virtual", "A virtual machine"),
            ),
        ),
        Question(
            "changed",
            "What was changed on it?",
            (
                Option("nothing", "Nothing, or only newly installed"),
                Option("board", "The main board"),
                Option("disk", "The disk"),
                Option("several", "Several parts"),
            ),
            _is("computer", "same"),
        ),
        Question(
            "before",
            "What became of the copy on the computer before?",
            (
                Option("removed", "It was removed"),
                Option("broken", "That computer is broken or gone"),
                Option("in use", "It is still in use there"),
            ),
            _is("computer", "another", "virtual"),
        ),
        Question(
            "installed on",
            "On how many computers is this copy installed now?",
            (Option("one", "One"), Option("more", "More than one")),
            hint="The decision asks for the number once more.",
        ),
    ),
)
ENTRY = Script(
    "The installation ID",
    (
        Question("at the screen", "Is the caller in front of the computer, with the window open?", (YES, NO)),
        Question(
            "can return",
            "Can the caller open the activation window now, and choose the telephone?",
            (YES, Option("no", "No, the caller will call again")),
            _is("at the screen", "no"),
            hint="What was accepted stays with the case for the next call.",
        ),
        Question(
            "groups shown",
            "Does the window show as many groups as the pad here?",
            (YES, NO),
            hint="The last group may be shorter than the others.",
        ),
        Question(
            "reopened",
            "Have the caller close the window and open it again. Are all groups there now?",
            (YES, NO),
            _is("groups shown", "no"),
        ),
        *LICENCE.questions,
    ),
)
REFUSED_CONFIRMATION = Script(
    "The computer refuses its confirmation ID",
    (
        Question(
            "typing",
            "Compare every block with what the caller has typed. Is it accepted now?",
            (YES, NO),
        ),
        Question(
            "another",
            "Ask for the decision again and read the new confirmation ID out. Is that accepted?",
            (YES, NO),
            _is("typing", "no"),
        ),
        Question(
            "internet",
            "Have the caller go back in the wizard and choose the internet. Did that work?",
            (YES, NO, Option("none", "There is no internet")),
            _is("another", "no"),
        ),
        Question(
            "fix",
            "Is it the known fault of Windows Server 2003 whose grace had ended? Then send the fix: how will it be installed?",
            (
                Option("safe mode", "In safe mode"),
                Option("recovery console", "By the recovery console"),
                Option("other fault", "It is not that fault"),
            ),
            _is("internet", "no", "none"),
            hint=LATE_ACTIVATION.fix,
        ),
        Question(
            "fixed",
            "After the restart, is the confirmation ID accepted?",
            (YES, NO, Option("later", "The caller will see to it later")),
            _is("fix", "safe mode", "recovery console"),
            hint=LATE_ACTIVATION.after,
        ),
    ),
)
VOLUME = Script("Volume agreement", ())
"""Nothing to ask: the agreement answers, and verification decides."""

_ENTRY_REASONS = frozenset({"agent.three_bad_groups", "agent.whole", "agent.unclear"})
_VOLUME_REASONS = frozenset(
    {
        "agent.mak_limit",
        "agent.kms_host_limit",
        "agent.kms_issue_limit",
        "agent.more_activations",
        "agent.new_key",
        "agent.kms",
        "agent.other_volume",
        "agent.no_volume_key",
        "agent.unknown_agreement",
        "refused.over_limit",
    }
)


def script_for(reason: str) -> Script:
    """The questions for the reason (sentence key) why the line stopped."""
    if reason in _ENTRY_REASONS:
        return ENTRY
    if reason == "agent.id_refused":
        return REFUSED_CONFIRMATION
    return VOLUME if reason in _VOLUME_REASONS else LICENCE


def visible(script: Script, answers: Answers) -> tuple[Question, ...]:
    """The questions to ask now: an answer to a question that is not asked any more unlocks nothing."""
    shown: list[Question] = []
    standing: dict[str, str] = {}
    for question in script.questions:
        if all(standing.get(id) in wanted for id, wanted in question.when.items()):
            shown.append(question)
            if question.id in answers:
                standing[question.id] = answers[question.id]
    return tuple(shown)


def keep_answers(tx: Transaction, acting: Acting, case: Case, given: Answers) -> Answers | Refusal:
    """Stores the answers with the case: those to questions that are asked, and only from their options."""
    asked = visible(script_for(case.reason), given)
    kept = {question.id: given[question.id] for question in asked if given.get(question.id)}
    for question in asked:
        if kept.get(question.id) not in (None, *(option.id for option in question.options)):
            return Refusal("guided.option", f"Choose one of the answers to “{question.words}”")
    tx.cases.save_answers(case.number, kept)
    record_in_case(tx, acting, Act.ANSWERS_KEPT, case.number, kept)
    return kept
