"""The commands that look after an exchange which runs: who can be rung, ringing them, and what went wrong."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from pbx.exchange.commands import exchange_command

ACCOUNT, TOKEN = "AC" + "2" * 32, "not-a-secret"


@pytest.fixture
def command(softphones):
    """Run a command of the group; its exit code and what it printed."""
    floor = softphones.floor
    group = exchange_command(print, print, lambda: floor.exchange.url)
    house = SimpleNamespace(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        voice_url=floor.url("/voice"),
        line_number="+12065550100",
        sip_server="127.0.0.1:5070",
        phone_password=lambda name: f"password of {name}",
    )

    def run(*arguments):
        result = CliRunner().invoke(group, arguments, obj=house)
        return result.exit_code, result.output

    return run


def test_dial_rings_a_phone_and_connects_it_to_the_line(softphones, command):
    softphones.floor.centre.pages["/voice"] = "<Gather numDigits='1' timeout='30'/>"
    assert command("dial", softphones.address("amira")) == (0, "Answered.\n")
    form = softphones.floor.centre.hears("/voice")
    assert (form["To"], form["Direction"]) == (softphones.address("amira"), "outbound-api")
    softphones.rung().hang_up()


def test_dial_says_a_document_of_its_own_and_shows_the_call_as_json(softphones, command):
    code, out = command("dial", softphones.address("amira"), "--from", "+493023125142", "--json", "--twiml", "<Response/>")
    assert (code, json.loads(out)["from"]) == (0, "+493023125142")


@pytest.mark.parametrize(("name", "sentence"), [("busy", "busy"), ("client:nobody", "no such phone")])
def test_dial_says_why_nobody_took_the_call(softphones, command, name, sentence):
    code, out = command("dial", name if ":" in name else softphones.address(name))
    assert (code, sentence in out) == (1, True)


def test_dial_takes_one_document_only(command):
    code, out = command("dial", "client:amira", "--url", "http://a.test/", "--twiml", "<Response/>")
    assert (code, "exclude each other" in out) == (2, True)


def test_phones_add_prints_what_a_softphone_needs(command):
    assert command("phones", "add", "amira") == (
        0,
        "Name      amira\nPassword  password of amira\nServer    127.0.0.1:5070\n",
    )
    _, out = command("phones", "add", "+493023125142", "--json")
    assert json.loads(out) == {"name": "+493023125142", "password": "password of +493023125142", "server": "127.0.0.1:5070"}
    code, out = command("phones", "add", "no name")
    assert (code, "letters, digits" in out) == (2, True)


def test_a_leg_is_shown_with_its_codec_its_losses_and_its_jitter(softphones, command):
    softphones.floor.centre.pages["/voice"] = "<Gather numDigits='1' timeout='30'/>"
    phone = softphones.dial("activate")
    softphones.floor.centre.hears("/voice")
    _, out = command("status")
    row = next(line.split() for line in out.splitlines() if "PCMU" in line)
    assert (row[2], row[5], row[7]) == ("PCMU", "0", "ms")
    phone.hang_up()


def test_the_log_tells_what_went_wrong_as_sentences_and_as_json(softphones, command):
    softphones.floor.centre.pages["/voice"] = "<Nonsense/><Hangup/>"
    softphones.dial("activate").is_gone()
    sid = softphones.floor.centre.hears("/voice")["CallSid"]
    _, out = command("log")
    assert any(sid in line and "12200" in line for line in out.splitlines())
    _, out = command("log", "--json")
    assert sid in {json.loads(line)["call_sid"] for line in out.splitlines()}
