"""What agents ask callers, as data: which questions, in which order, and after which answers (B1.9-10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callcenter.floor.articles import LATE_ACTIVATION


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
HOST_KEY = Script(
    "A KMS host key at its limit",
    (
        Question(
            "host",
            "What is the computer for which the caller wants to use this key?",
            (
                Option("host", "A key-management host, which activates others"),
                Option("client", "A computer that people or programs work on"),
                Option("unknown", "The caller does not know"),
            ),
            hint="A KMS host key registers key-management hosts with us, and does nothing else. Six hosts are many.",
        ),
        Question(
            "instead",
            "On a client the key is misused; it has to come off. What will the caller install instead?",
            (
                Option("setup", "The setup of a volume client, without a key: a host activates it"),
                Option("mak", "A MAK"),
                Option("later", "The caller will see to it later"),
            ),
            _is("host", "client"),
            hint="Do not raise the limit for a client.",
        ),
        Question(
            "gone",
            "Is one of the hosts before not in use any more?",
            (YES, NO),
            _is("host", "host"),
            hint="A host that is gone still counts; one more may take its place.",
        ),
    ),
)
"""Row 55: what tells a host from a client that was given its key."""
VOLUME = Script("Volume agreement", ())
"""Nothing to ask: the agreement answers, and verification decides."""
