"""Nobody keys too fast for the line: the interpreter, the real webhooks, and keys that arrive while a request is under way."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
from centre import Centre, open_centre
from virtual_call import Dialled, Played, place_call
from virtual_phone import Phone

from pbx.call import Ending
from workstation.computer.machine import Machine, confirm, installation_id

GROUPS_SPEED, EXPRESS_SPEED = 4.0, 8.0
"""Keys a second: a person reading groups from a screen, and the fastest of typists or a dialling machine."""
LATENCIES_SECONDS = [0.0, 0.05, 0.1, 0.2]
WITHHELD_NUMBER = "+266696687"
"""Nobody's: no call here is taken for the second try of another."""
LAYOUTS = ["windows-7-professional", "server-2003-standard"]
"""An edition of each layout: 54 digits answered by 48, 50 digits answered by 42."""

Typing = Callable[[Phone, Machine], Awaitable[None]]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre that answers calls."""
    with open_centre(tmp_path_factory.mktemp("centre")) as centre:
        yield centre


def activate(centre: Centre, product: str, typing: Typing, latency_seconds: float) -> tuple[Played, object]:
    """A call that keys an ID in this manner: the call, and what the computer makes of the digits that were read out."""
    machine, outcomes = centre.install(product), []

    async def caller(phone: Phone) -> None:
        await typing(phone, machine)
        await phone.hear("Did the computer accept it?")
        outcomes.append(confirm(machine, phone.spelled, datetime.now(UTC)))
        await phone.key_in("1", GROUPS_SPEED)

    house = centre.house
    line = f"{centre.base_url}/voice", house.account_sid, house.auth_token, house.line_number
    dialled = Dialled(*line, caller=WITHHELD_NUMBER, seconds_to_say=lambda speech: 2.0, latency_seconds=latency_seconds)
    return place_call(dialled, caller), outcomes[0]


async def each_group_when_asked(phone: Phone, machine: Machine) -> None:
    """Barge into the question for each group as soon as it begins."""
    await choose(phone, "1")
    for number, group in enumerate(installation_id(machine), start=1):
        await phone.hear(f"roup {number}")
        await phone.key_in(group, GROUPS_SPEED)


async def groups_straight_on(phone: Phone, machine: Machine) -> None:
    """Key every group without listening: the first key of a group follows the last of the one before like any other."""
    await choose(phone, "1")
    await phone.hear("group 1")
    await phone.key_in("".join(installation_id(machine)), GROUPS_SPEED)


async def at_one_go(phone: Phone, machine: Machine) -> None:
    """Express entry; the pound says that a shorter ID is complete, and after a longer one is nothing."""
    await choose(phone, "5")
    await phone.hear("Key in all the digits")
    await phone.key_in("".join(installation_id(machine)) + "#", EXPRESS_SPEED)


async def choose(phone: Phone, key: str) -> None:
    """Press this key at the menu."""
    await phone.hear("To activate a computer")
    await phone.key_in(key, GROUPS_SPEED)


@pytest.mark.parametrize("latency_seconds", LATENCIES_SECONDS)
@pytest.mark.parametrize("product", LAYOUTS)
@pytest.mark.parametrize("typing", [each_group_when_asked, groups_straight_on])
def test_every_key_arrives_group_by_group_at_4_keys_a_second(
    centre: Centre, product: str, typing: Typing, latency_seconds: float
) -> None:
    played, outcome = activate(centre, product, typing, latency_seconds)
    assert played.phone.lost_keys == ""
    assert isinstance(outcome, Machine)
    assert played.ending is Ending.BY_LINE


@pytest.mark.parametrize("latency_seconds", LATENCIES_SECONDS)
@pytest.mark.parametrize("product", LAYOUTS)
def test_every_key_arrives_in_express_entry_at_8_keys_a_second(centre: Centre, product: str, latency_seconds: float) -> None:
    played, outcome = activate(centre, product, at_one_go, latency_seconds)
    assert played.phone.lost_keys.strip("#") == ""
    assert isinstance(outcome, Machine)
    assert played.ending is Ending.BY_LINE
