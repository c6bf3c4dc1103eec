"""Volume keys: everything an agent will need is collected here, so that nothing said to the line is ever asked again."""

from dataclasses import replace

from activation.agreements import AGREEMENT_DIGITS, read_agreement_number
from ivr.dialogue.errands import run, to_person
from ivr.dialogue.line import Line, Move, Moved, go, home
from ivr.dialogue.menu import menu
from ivr.dialogue.number import number_room, try_again
from ivr.errand import FindAgreement
from ivr.prompts import Spoken, say
from ivr.records import VolumeAgreement
from ivr.state import GroupOption, Place, State, VolumeRequest

MORE = "agent.more_activations"


def begin_more(line: Line, state: State) -> Moved:
    """More activations on a MAK: agreement, product group, how many."""
    return _begin(state, MORE)


def _begin(state: State, reason: str) -> Moved:
    return go(replace(state, request=VolumeRequest(reason)), Place.AGREEMENT)


def _request(state: State) -> VolumeRequest:
    assert state.request is not None  # set before any place of this file is reached
    return state.request


REQUESTS = menu(
    "requests",
    lambda line, state: (say("requests.question"),),
    lambda state: {
        "1": lambda line, state: _begin(state, "agent.new_key"),
        "2": lambda line, state: _begin(state, "agent.kms"),
        "3": lambda line, state: _begin(state, "agent.other_volume"),
    },
    back=lambda line, state: home(state),
)


def _take_agreement(state: State, keyed: str) -> Moved:
    number = read_agreement_number(keyed)
    if number is None:
        return try_again(state, say("agreement.bad"), "agent.unknown_agreement")
    misses = state.misses
    moved, said = run(state, FindAgreement(number))
    return replace(moved, misses=misses), said


def agreement_found(line: Line, state: State, agreement: VolumeAgreement | None) -> Moved:
    """What is behind the number that was keyed: on to the product group, or to a person."""
    state = replace(state, place=Place.AGREEMENT)
    if agreement is None:
        return try_again(state, say("agreement.unknown"), "agent.unknown_agreement")
    options = tuple(GroupOption(group.name, group.title, group.allowed) for group in agreement.groups[:8])
    request = VolumeRequest(_request(state).reason, agreement.number, options)
    known = replace(state, request=request)
    if request.reason != MORE:
        return to_person(known, request.reason)
    match options:
        case ():
            return to_person(known, "agent.no_volume_key")
        case (only,):
            return go(replace(known, request=replace(request, group=only)), Place.QUANTITY)
    return go(known, Place.GROUP_CHOICE)


def _ask_group(line: Line, state: State) -> tuple[Spoken, ...]:
    options = (
        say("group_choice.option", title=option.title, key=key) for key, option in enumerate(_request(state).options, start=1)
    )
    return (say("group_choice.question"), *options)


def _choose(option: GroupOption) -> Move:
    return lambda line, state: go(replace(state, request=replace(_request(state), group=option)), Place.QUANTITY)


GROUP_CHOICE = menu(
    "group choice",
    _ask_group,
    lambda state: {str(key): _choose(option) for key, option in enumerate(_request(state).options, start=1)},
    back=lambda line, state: go(state, Place.AGREEMENT),
)


def _take_quantity(state: State, keyed: str) -> Moved:
    if not keyed or len(keyed) > 4 or not int(keyed):
        return try_again(state, say("quantity.bad"))
    return go(replace(state, request=replace(_request(state), add=int(keyed))), Place.CONFIRM)


def _ask_confirmation(line: Line, state: State) -> tuple[Spoken, ...]:
    request = _request(state)
    assert request.group is not None
    assert request.add is not None
    total = request.group.allowed + request.add
    return (say("confirm.question", add=request.add, title=request.group.title, total=total),)


CONFIRM = menu(
    "confirm",
    _ask_confirmation,
    lambda state: {
        "1": lambda line, state: to_person(state, _request(state).reason),
        "2": lambda line, state: go(state, Place.QUANTITY),
    },
    back=lambda line, state: go(state, Place.QUANTITY),
)

AGREEMENT = number_room(
    "agreement.question",
    AGREEMENT_DIGITS,
    "",
    _take_agreement,
    back=lambda line, state: home(state),
    holds=lambda state, digits: read_agreement_number(digits) is not None,
)
QUANTITY = number_room("quantity.question", 4, "#", _take_quantity, back=lambda line, state: go(state, Place.AGREEMENT))
