"""Why a call came to a person, in the words of the desk: what happened, what to do next, and which panel to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Panel(StrEnum):
    """The working panels of the desk, in the order of their tabs."""

    GROUPS = "groups"
    LIMIT = "limit"
    QUESTIONS = "questions"
    NEW_KEY = "new-key"
    HELPERS = "helpers"
    TIMELINE = "timeline"
    WRAP_UP = "wrap-up"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `short` for lists, `why` and `next_step` for whoever takes the call, `panel` to begin with."""

    short: str
    why: str
    next_step: str
    panel: Panel


_ASK = "Ask what they need. Everything they gave so far is below; nothing has to be asked again."
_VERIFY = "Find the agreement, verify the contact, raise the count. The activation they wait for is made with the raise."
_HOST_OR_CLIENT = (
    "Ask what the computer is for: on a client a KMS host key is misused, and no limit is raised for one. For a host, find the "
    "agreement, verify the contact, raise the count. The activation they wait for is made with the raise."
)
_FINISH = "Finish the digits on the pad, then decide. The groups that were right are kept."

_REASONS: Mapping[str, Reason] = {
    "agent.asked": Reason("asked for a person", "The caller asked for a person.", _ASK, Panel.QUESTIONS),
    "agent.unclear": Reason("not understood", "The line and the caller did not understand each other.", _ASK, Panel.GROUPS),
    "agent.three_bad_groups": Reason(
        "three bad groups", "One group of the installation ID failed its check three times.", _FINISH, Panel.GROUPS
    ),
    "agent.whole": Reason(
        "groups do not fit together",
        "Every group passed its own check, but together they are no installation ID.",
        "Read every group through with the caller; one of them belongs to another computer or was misread twice.",
        Panel.GROUPS,
    ),
    "agent.blocked_key": Reason(
        "blocked key",
        "The key is blocked.",
        "See why in the key's requests. A blocked volume key is unblocked or replaced only after a verified request.",
        Panel.QUESTIONS,
    ),
    "agent.too_many_reissues": Reason(
        "many confirmation IDs today",
        "This computer was given five confirmation IDs within a day.",
        "Ask why they are needed. If the answers fit, make an exception.",
        Panel.QUESTIONS,
    ),
    "agent.too_many_replacements": Reason(
        "changed computers often",
        "This copy moved to other hardware three times within 120 days.",
        "Go through the questions. If it is on one computer only, make an exception.",
        Panel.QUESTIONS,
    ),
    "agent.mak_limit": Reason("volume key used up", "The volume key has no activations left.", _VERIFY, Panel.LIMIT),
    "agent.kms_host_limit": Reason(
        "KMS hosts used up", "The KMS key has as many hosts as it may.", _HOST_OR_CLIENT, Panel.QUESTIONS
    ),
    "agent.kms_issue_limit": Reason(
        "KMS host used up", "This KMS host was activated as often as it may be.", _HOST_OR_CLIENT, Panel.QUESTIONS
    ),
    "agent.id_refused": Reason(
        "confirmation ID refused",
        "The computer refuses its confirmation ID, and what the line could suggest did not help.",
        "Go through the steps in their order; the next one opens when the one before has failed.",
        Panel.QUESTIONS,
    ),
    "agent.more_activations": Reason(
        "more activations", "The caller wants more activations on a volume key.", _VERIFY, Panel.LIMIT
    ),
    "agent.new_key": Reason(
        "new volume key",
        "The caller wants a volume key.",
        "Find the agreement, verify the contact. The first key of a product group is issued or retrieved; no second one.",
        Panel.NEW_KEY,
    ),
    "agent.no_volume_key": Reason(
        "no volume key yet",
        "The caller wants more activations, but the agreement has no volume key yet.",
        "Find the agreement, verify the contact, issue the first key of the product group.",
        Panel.NEW_KEY,
    ),
    "agent.kms": Reason(
        "KMS hosts", "The caller has a question about KMS hosts.", "The helpers say which host key serves what.", Panel.HELPERS
    ),
    "agent.other_volume": Reason("other volume question", "The caller has a question about a volume key.", _ASK, Panel.LIMIT),
    "agent.unknown_agreement": Reason(
        "agreement not found",
        "The line could not find the agreement number the caller keyed.",
        "Ask for the number again and look it up below. Without a number that matches there is no raise.",
        Panel.LIMIT,
    ),
}


def reason_for(sentence_key: str) -> Reason:
    """The desk's words for why the line stopped (a sentence key of the line)."""
    return _REASONS.get(sentence_key) or Reason("needs a person", "The line handed this call over.", _ASK, Panel.QUESTIONS)
