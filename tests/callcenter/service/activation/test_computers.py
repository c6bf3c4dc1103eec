"""What simulated computers really send: their own requests to the service, and its answers typed in on them."""

import json
from collections.abc import Callable
from random import Random

import pytest

from callcenter.service.media import write_media
from workstation.activating.request import write_request
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine, State, confirm, installation_id, state
from workstation.computer.media import Media, read_media
from workstation.setup.copying import clone
from workstation.setup.installing import Setup, set_up

RETAIL, MSDN, MAK, RETAIL_2003 = 1, 3, 4, 11
SetUp = Callable[..., Machine]


@pytest.fixture
def install(web) -> SetUp:
    """A computer set up with the key of this serial."""

    def find(serial: int) -> object:
        found = web.store.read(lambda tx: tx.keys.get(serial))
        return found.record if found else None

    def set_it_up(serial: int, name: str, **setup: object) -> Machine:
        document = write_media(web.label(serial), "", web.catalogue, web.secrets, find)
        media = read_media(json.dumps(document).encode())
        assert isinstance(media, Media), document
        return set_up(name, media, Setup(**setup), web.now, key=web.label(serial), centre="http://127.0.0.1", country="US")

    return set_it_up


def send(web, machine: Machine, request_id: str = "", **answers: int):
    """The computer's own request, as it would go over the net."""
    asked = write_request(machine, request_id or f"of-{machine.name}", web.now, **answers)
    return web.client.post(
        "/activate", data=json.dumps(dict(asked.body)), headers={**asked.headers, "Content-Type": "application/json"}
    )


@pytest.mark.parametrize("serial", [RETAIL, MSDN, MAK, RETAIL_2003])
def test_what_a_computer_of_each_generation_sends_is_what_the_service_accepts(web, install: SetUp, serial: int) -> None:
    # rows 5, 21, 22, 29: one request, nothing typed, and the computer is activated
    machine = install(serial, "pc")
    answer = send(web, machine)
    assert answer.status_code == 200, answer.text
    activated = confirm(machine, "".join(answer.get_json()["confirmation_id"]), web.now)
    assert isinstance(activated, Machine)
    assert state(activated, web.now) is State.ACTIVATED


def test_the_same_failing_request_is_answered_in_the_computers_language(web, install: SetUp) -> None:
    # row 23
    send(web, install(RETAIL, "first"))
    said = [send(web, install(RETAIL, f"in-{code}", language=code)).get_json()["detail"] for code in ("en", "de", "fr", "es")]
    assert said[0].startswith("This copy is activated on as many computers")
    assert said[1].startswith("Diese Kopie ist auf so vielen Computern aktiviert")
    assert len(set(said)) == 4


def test_a_clone_is_out_of_tolerance_and_gets_no_id_without_a_question(web, install: SetUp) -> None:
    # row 2
    original = install(RETAIL, "original")
    activated = confirm(original, "".join(send(web, original).get_json()["confirmation_id"]), web.now)
    assert isinstance(activated, Machine)
    copy = clone(activated, "copy", choose_parts(Random(7)), web.now)
    assert state(copy, web.now) is State.OUT_OF_TOLERANCE
    assert send(web, copy).get_json()["code"] == "ask_first"


def test_one_computers_confirmation_id_fails_on_another(web, install: SetUp) -> None:
    # row 19
    mine, other = install(MSDN, "a"), install(MSDN, "b")
    typed = "".join(send(web, mine).get_json()["confirmation_id"])
    assert isinstance(confirm(mine, typed, web.now), Machine)
    assert not isinstance(confirm(other, typed, web.now), Machine)


def test_a_virtual_computer_takes_one_from_the_count_like_a_physical_one(web, install: SetUp) -> None:
    # row 70
    physical, virtual = install(MAK, "physical"), install(MAK, "virtual", is_virtual=True)
    assert [send(web, machine).get_json()["remaining"] for machine in (physical, virtual)] == [4, 3]
    assert web.used(MAK) == 2


def test_a_batch_gathered_from_computers_activates_every_one(web, install: SetUp) -> None:
    # row 69: what one machine gathered and sent is right on each
    machines = [install(MAK, f"pc-{number}") for number in range(3)]
    rows = [{"row_id": each.name, "installation_id": " ".join(installation_id(each))} for each in machines]
    answered = web.batch(rows).get_json()["rows"]
    for machine, row in zip(machines, answered, strict=True):
        assert isinstance(confirm(machine, "".join(row["confirmation_id"]), web.now), Machine)
    assert web.used(MAK) == 3
