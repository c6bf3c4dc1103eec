"""baresip, linphonec and sipp each make the whole activation call, and do what people do with telephones."""

import json
import re
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import pytest
from baresip_phone import BaresipPhone
from caller import FIRST_GROUP, GOODBYE, GREETING, MENU, Caller
from ear import PATIENCE_SECONDS, Ear
from linphone_phone import LinphonePhone
from playwright.sync_api import expect
from sipp_phone import Deed, HangUp, Infos, Keys
from stage import HIGH, LOW

from callcenter.service.telephony import rest_client
from house.instance import House
from voices.sound import joined, silence
from voices.speaking import Voices

pytestmark = [pytest.mark.long, pytest.mark.unsteady]

MULTIPLE = 3007
"""A key for many computers, so that every phone activates one."""


def phones_password(centre: Any, name: str) -> str:
    return str(json.loads(centre.run("exchange", "phones", "add", name, "--json"))["password"])


def test_a_computer_is_activated_by_the_keys_of_a_softphone(
    caller: Caller, computer: Callable[[int], Any], line_address: str
) -> None:
    machine = computer(MULTIPLE)
    caller.phone.dial(line_address)
    caller.key_in(machine.groups)
    assert machine.accepts(caller.write_down())
    caller.phone.press("1")
    caller.hear(GOODBYE)
    caller.phone.wait_until_over()


def test_a_computer_is_activated_by_speaking_into_a_softphone(
    caller: Caller, computer: Callable[[int], Any], line_address: str
) -> None:
    machine = computer(MULTIPLE)
    caller.phone.dial(line_address)
    caller.say_all(machine.groups)
    assert machine.accepts(caller.write_down())
    caller.phone.hang_up()


def test_a_held_call_goes_on_where_it_was(linphone: Callable[[], LinphonePhone], voices: Voices, line_address: str) -> None:
    caller = Caller(linphone(), voices)  # baresip 1.0 holds and resumes too, but records nothing after that
    caller.phone.dial(line_address)
    caller.hear(GREETING)
    caller.phone.hold()
    caller.phone.resume()
    caller.catch(MENU)
    caller.phone.press("1")
    caller.catch(FIRST_GROUP)
    caller.phone.hang_up()


@pytest.mark.parametrize("pressed", [Keys, Infos])
def test_a_computer_is_activated_by_sipp(
    pressed: type[Keys] | type[Infos], sipp: Callable[[list[Deed]], Any], computer: Callable[[int], Any], voices: Voices
) -> None:
    machine = computer(MULTIPLE)
    phone = sipp([pressed(keys) for keys in ("1", *machine.groups, "1")])
    caller = Caller(phone, voices)
    caller.key_in(machine.groups)
    assert machine.accepts(caller.write_down())
    phone.press("1")
    caller.hear(GOODBYE)
    phone.wait_until_over()


def test_sipp_hangs_up_in_the_middle_of_a_sentence_and_the_next_call_is_served(
    sipp: Callable[[list[Deed]], Any], voices: Voices
) -> None:
    for _ in range(2):
        caller = Caller(sipp([HangUp()]), voices)
        caller.catch(GREETING)
        caller.phone.hang_up()


def test_a_registered_softphone_shows_text_messages(
    centre: Any, linphone: Callable[[], LinphonePhone], line_address: str
) -> None:
    phone, registrar = linphone(), line_address.removeprefix("sip:activate@")
    phone.register("bruno", registrar, phones_password(centre, "bruno"))
    deadline = monotonic() + PATIENCE_SECONDS
    while "client:bruno" not in centre.run("exchange", "phones"):
        assert monotonic() < deadline, "linphonec has not registered"
        sleep(0.2)
    house = House(centre.folder / "instance", {})
    line = rest_client(house.account_sid, house.auth_token, house.telephony_url)
    line.messages.create(to="client:bruno", from_="+18005550199", body="Case 1042: the raise is approved.")
    phone.shows("Case 1042: the raise is approved.")


def test_an_agent_on_a_registered_baresip_takes_a_queued_call_and_both_hear_each_other(
    centre: Any, baresip: Callable[..., BaresipPhone], voices: Voices, at_desk: Callable[..., Any], line_address: str
) -> None:
    registrar = line_address.removeprefix("sip:activate@")
    agent = baresip(f"<sip:amira@{registrar}>;auth_pass={phones_password(centre, 'amira')};regint=60")
    agent.wait_for("REGISTER_OK")
    amira = at_desk("amira", has_phone=False).be_available()  # baresip is her phone

    caller = Caller(baresip(), voices)
    caller.phone.dial(line_address)
    caller.catch(GREETING)
    caller.phone.press("0")
    case = amira.page.get_by_role("button", name=re.compile("Answer case"))
    expect(case.first).to_be_visible()
    case.first.click()
    agent.answer()
    caller.catch("Here is a person for you.")

    at_the_desk = Ear(agent.heard)
    caller.phone.say(joined((silence(0.5), LOW)))
    at_the_desk.hear(LOW)
    agent.say(joined((silence(0.5), HIGH)))
    caller.ear.hear(HIGH)
    caller.phone.hang_up()
    agent.wait_until_over()
