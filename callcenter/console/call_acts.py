"""The call bar: hold, mute, back to the line, transfer warm and cold, hang up; and what follows the call, note and wrap-up."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from activation.redaction import holds_foreign_key
from callcenter.console.centre import Transaction, centre
from callcenter.console.my_call import CallWork, act_on_my_call, desk_of, on_my_call
from callcenter.console.reasons import Panel
from callcenter.console.shell import done, needs
from callcenter.floor import switchboard
from callcenter.floor.acting import Acting
from callcenter.floor.calls import Case
from callcenter.floor.outcomes import Outcome
from callcenter.floor.permissions import Action
from callcenter.floor.queue import Handling
from callcenter.floor.refusals import Refusal
from callcenter.floor.wrapping_up import refuse_fix

SENIORS = "seniors"
"""What the transfer form sends in place of a name."""
KEY_REMOVED = "Something shaped like a product key was removed from it: keys are never written down here."
NOBODY_CHOSEN = Refusal("desk.nobody_chosen", "Choose the person to ask first; a group of people cannot be asked.")


def register(blueprint: Blueprint) -> None:
    """The acts on the call that the agent has."""
    for path, view in {
        "hold": hold,
        "mute": mute,
        "back": back_to_line,
        "hang-up": hang_up,
        "transfer": transfer,
        "consult": consult,
        "notes": keep_note,
        "wrap-up": wrap_up,
    }.items():
        endpoint = f"call_{path.replace('-', '_')}"
        blueprint.add_url_rule(f"/calls/<number>/{path}", endpoint, needs(Action.SERVE_CALLS)(view), methods=["POST"])


def _wants_on() -> bool:
    return request.form.get("on") == "yes"


def hold(number: str) -> ResponseReturnValue:
    """Music for the caller, or the agent again."""
    on = _wants_on()
    said = "The caller hears music." if on else "The caller hears you again."
    return on_my_call(number, lambda tx, acting, case: switchboard.hold(tx, acting, on=on), said)


def mute(number: str) -> ResponseReturnValue:
    """The caller no longer hears the agent, or does again."""
    on = _wants_on()
    said = "You are muted: the caller does not hear you." if on else "The caller hears you again."
    return on_my_call(number, lambda tx, acting, case: switchboard.mute(tx, acting, on=on), said)


def back_to_line(number: str) -> ResponseReturnValue:
    """The caller goes on with the line where it stopped, or hears the confirmation ID just issued."""
    said = "The caller is with the line again. Now wrap up."
    return on_my_call(number, lambda tx, acting, case: switchboard.back_to_line(tx, acting), said, Panel.WRAP_UP)


def hang_up(number: str) -> ResponseReturnValue:
    """The end of the call."""
    said = "You hung up. Now wrap up."
    return on_my_call(number, lambda tx, acting, case: switchboard.hang_up(tx, acting), said, Panel.WRAP_UP)


def transfer(number: str) -> ResponseReturnValue:
    """The caller waits for somebody else from now on, at their place; with `how=warm` that person is asked first."""
    to = request.form.get("to", "")
    if request.form.get("how") == "warm":
        said = f"{to} is being called. The caller waits meanwhile and hears music."
        return on_my_call(number, _asking(to), said)
    seniors = to == SENIORS
    said = f"The caller waits for {'a senior agent' if seniors else to} now. Wrap up."
    return on_my_call(number, _transferring(None if seniors else to, to_seniors=seniors), said, Panel.WRAP_UP)


def _transferring(to_agent: str | None, *, to_seniors: bool) -> CallWork:
    def work(tx: Transaction, acting: Acting, case: Case) -> object:
        return switchboard.transfer(tx, acting, to_agent=to_agent or None, to_seniors=to_seniors)

    return work


def _asking(to_agent: str) -> CallWork:
    def work(tx: Transaction, acting: Acting, case: Case) -> object:
        if not to_agent or to_agent == SENIORS:
            return NOBODY_CHOSEN
        return switchboard.consult(tx, acting, to_agent)

    return work


def consult(number: str) -> ResponseReturnValue:
    """The end of a consultation: `do=complete` hands the caller over, anything else takes the caller back."""
    if request.form.get("do") == "complete":
        said = "The caller is with your colleague now. Wrap up."
        return on_my_call(number, lambda tx, acting, case: switchboard.complete_transfer(tx, acting), said, Panel.WRAP_UP)
    said = "Your colleague left the call. The caller is with you again."
    return on_my_call(number, lambda tx, acting, case: switchboard.end_consultation(tx, acting), said)


def keep_note(number: str) -> ResponseReturnValue:
    """The note as it stands, kept with the call; it is asked for again at wrap-up."""
    note, follow_up = request.form.get("note", ""), request.form.get("follow_up", "")

    def work(tx: Transaction, acting: Acting, case: Case) -> Handling | Refusal:
        return switchboard.keep_note(tx, acting, note, follow_up)

    return on_my_call(number, work, _told("The note is kept.", note + follow_up), Panel.WRAP_UP, passed_on=True)


def wrap_up(number: str) -> ResponseReturnValue:
    """The outcome, and whatever is worth noting; the agent is free for the next call then."""
    outcome, note = request.form.get("outcome", ""), request.form.get("note", "")
    follow_up = request.form.get("follow_up", "")

    def work(tx: Transaction, acting: Acting, case: Case) -> Handling | Refusal:
        refused = refuse_fix(tx, case, centre().catalogue) if outcome == Outcome.KNOWN_ISSUE else None
        return refused or switchboard.wrap_up(tx, acting, outcome, note, follow_up)

    wrapped = act_on_my_call(number, work, passed_on=True)
    to = desk_of(number, Panel.WRAP_UP) if isinstance(wrapped, Refusal) else url_for("console.home")
    return done(wrapped, to, _told("Wrapped up.", note + follow_up))


def _told(sentence: str, words: str) -> str:
    return f"{sentence} {KEY_REMOVED}" if holds_foreign_key(words) else sentence
