"""What the dialogue asks of the house behind the line: values, carried in the state until the answer is heard."""

import msgspec

from activation.claims import Claim


class Decide(msgspec.Struct, frozen=True, tag=True):
    """Errand: have the desk decide this claim."""

    claim: Claim


class FindAgreement(msgspec.Struct, frozen=True, tag=True):
    """Errand: look up a volume agreement."""

    number: str


class OpenCase(msgspec.Struct, frozen=True, tag=True):
    """Errand: record the call for a person, with the reason (a sentence key) why the line stopped."""

    reason: str


class SendText(msgspec.Struct, frozen=True, tag=True):
    """Errand: send the confirmation ID as a text message."""


class FetchEarlier(msgspec.Struct, frozen=True, tag=True):
    """Errand: fetch the earlier call's state, to compare the group that was keyed to prove it."""

    sid: str
    keyed: str


class BookCallback(msgspec.Struct, frozen=True, tag=True):
    """Errand: have the caller called at their turn, on `number` (E.164) or, where it is empty, the number they call from."""

    number: str


class TakeOver(msgspec.Struct, frozen=True, tag=True):
    """Errand: the person called back is there; this call takes the place of the one they made."""

    sid: str


Errand = Decide | FindAgreement | OpenCase | SendText | FetchEarlier | BookCallback | TakeOver
