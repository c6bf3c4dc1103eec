"""The commands `exchange run` and `exchange status`, and a phone that waits, each in a process of its own."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
from types import SimpleNamespace
from pbx.terminal.commands import call_command
from pbx.exchange.commands import exchange_command
from pbx.exchange.plan import Account, Plan

def no_voices():
    return None

noted = Path(sys.argv[1])
account = Account("AC" + "2" * 32, "not-a-secret")
line = SimpleNamespace(
    voice_url="http://127.0.0.1:9/voice",
    account_sid=account.sid,
    auth_token=account.auth_token,
    line_number="+12065550100",
    exchange_plan=Plan(account=account, redact=str, open_voices=no_voices, open_listeners=dict, rtp_ports=(21300, 21399)),
    sip_server="127.0.0.1:5070",
    phone_password=lambda name: f"password of {name}",
)
find = lambda: noted.read_text() if noted.exists() else None
exchange = exchange_command(lambda running: noted.write_text(running.base_url), lambda running: noted.unlink(), find)
command = call_command(lambda name: {}, lambda text: text, find) if sys.argv[2] == "call" else exchange
command(args=sys.argv[3:], obj=line)
"""


def start(noted: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(noted), *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=ROOT, **pipes)


def run(noted: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(noted, *arguments)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.fixture
def noted(tmp_path):
    return tmp_path / "exchange"


@pytest.fixture
def exchange(noted):
    process = start(noted, "exchange", "run", "--port", "0", "--sip-port", "0")
    assert re.fullmatch(r"The exchange listens on http://127.0.0.1:\d+\.\n", process.stdout.readline())
    assert re.fullmatch(r"Softphones dial sip:activate@127.0.0.1:\d+\.\n", process.stdout.readline())
    yield process
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_the_status_of_an_idle_exchange_says_that_nothing_is_under_way(noted, exchange):
    code, out, err = run(noted, "exchange", "status")
    assert (code, out.splitlines(), err) == (
        0,
        [f"{title}: none." for title in ("Calls", "Legs", "Queues", "Conferences", "Phones")],
        "",
    )


def test_the_status_as_json_has_the_rest_fields(noted, exchange):
    code, out, _ = run(noted, "exchange", "status", "--json")
    assert (code, json.loads(out)) == (0, {name: [] for name in ("calls", "legs", "queues", "conferences", "phones")})


def test_the_status_of_a_busy_exchange_can_be_read_at_80_columns(noted, exchange):
    waiting = answered(noted, "+12065550174", "<Response><Enqueue>agents</Enqueue></Response>")
    until(lambda: [queue.current_size for queue in client(noted).queues.list()] == [1])
    waiting.communicate("!\n", timeout=30)
    until(lambda: [queue.current_size for queue in client(noted).queues.list()] == [0])
    conferring = answered(noted, "+12065550175", f"<Response><Dial><Conference>{'room-' * 9}</Conference></Dial></Response>")
    until(lambda: len(client(noted).conferences.list()) == 1)
    _, out, err = run(noted, "exchange", "status")
    rows = [line.split() for line in out.splitlines()]
    assert max(map(len, out.splitlines())) <= 80, err
    assert ["friendly", "name", "current", "size", "average", "wait", "time", "sid"] in rows
    assert next(row[:3] for row in rows if row[:1] == ["agents"]) == ["agents", "0", "0"]
    assert ["sid", "from", "to", "status", "start", "time"] in rows
    assert ["+12065550100", "+12065550175", "in-progress"] in [row[1:4] for row in rows]
    assert ["init", "1"] in [row[1:3] for row in rows]
    room = json.loads(run(noted, "exchange", "status", "--json")[1])["conferences"][0]
    assert (len(room["sid"]), [len(one["call_sid"]) for one in room["participants"]]) == (34, [34])
    conferring.communicate("!\n", timeout=30)


def answered(noted: Path, number: str, twiml: str) -> subprocess.Popen[str]:
    """A phone that has answered a call which goes on with this TwiML."""
    phone = start(noted, "call", "--wait", "--from", number)
    phone.stdout.readline()
    ring(noted, number, twiml)
    phone.stdout.readline()
    phone.stdin.write("\n")
    phone.stdin.flush()
    return phone


def until(holds: Callable[[], bool]) -> None:
    """Ask the exchange again and again, each time over the network, until it is so."""
    assert any(holds() for _ in range(2000))


def test_a_phone_that_waits_rings_and_enter_answers(noted, exchange):
    phone = start(noted, "call", "--wait", "--from", "+12065550171")
    assert phone.stdout.readline() == "(Waiting for a call to +12065550171.)\n"
    ring(noted, "+12065550171", "<Response><Say>Your callback.</Say></Response>")
    assert phone.stdout.readline() == "(Ringing: +12065550100 calls.)\n"
    assert phone.stdout.readline() == "(Press Enter to answer, ! and Enter to decline.)\n"
    out, err = phone.communicate("\n", timeout=30)
    assert (phone.returncode, out.splitlines(), err) == (0, ["Line: Your callback.", "(The line hung up.)"], "")


def test_a_call_that_is_declined_is_busy_and_the_phone_is_done(noted, exchange):
    phone = start(noted, "call", "--wait", "--from", "+12065550172")
    phone.stdout.readline()
    ring(noted, "+12065550172", "<Response/>")
    out, _ = phone.communicate("!\n", timeout=30)
    assert (phone.returncode, out.splitlines()[-1]) == (0, "(You did not answer.)")
    assert client(noted).calls.list(to="+12065550172")[0].status == "busy"


def test_a_caller_who_gives_up_is_told_of_and_the_phone_waits_on(noted, exchange):
    phone = start(noted, "call", "--wait", "--from", "+12065550173")
    phone.stdout.readline()
    first = ring(noted, "+12065550173", "<Response/>")
    assert "Ringing" in phone.stdout.readline()
    phone.stdout.readline()
    client(noted).calls(first.sid).update(status="canceled")
    assert phone.stdout.readline() == "(The caller gave up.)\n"
    ring(noted, "+12065550173", "<Response><Say>Again.</Say></Response>")
    out, _ = phone.communicate("\n", timeout=30)
    assert "Line: Again." in out
    assert sorted(call.status for call in client(noted).calls.list(to="+12065550173")) == ["canceled", "completed"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("exchange", "status"), "no exchange runs; start one with `activation-center serve`"),
        (("call", "--wait"), "--wait needs an exchange and none answers"),
    ],
)
def test_without_an_exchange_there_is_a_sentence(noted, arguments, sentence):
    code, _, err = run(noted, *arguments)
    assert code == 1
    assert sentence in err
    assert "Traceback" not in err


def test_a_noted_exchange_that_is_dead_is_a_sentence(noted):
    noted.write_text("http://127.0.0.1:9")
    code, _, err = run(noted, "exchange", "status")
    assert (code, "no exchange answers at http://127.0.0.1:9" in err, "Traceback" in err) == (1, True, False)


def test_a_port_in_use_is_a_sentence(noted, exchange):
    port = noted.read_text().rpartition(":")[2]
    code, _, err = run(noted.with_name("other"), "exchange", "run", "--port", port, "--no-sip")
    assert (code, f"Cannot listen on 127.0.0.1 port {port}" in err, "Traceback" in err) == (1, True, False)


def test_a_sip_port_in_use_is_a_sentence_that_names_the_option(noted):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = str(other.getsockname()[1])
        code, _, err = run(noted, "exchange", "run", "--port", "0", "--sip-port", port)
    assert (code, f"port {port}" in err, "--sip-port" in err, "Traceback" in err) == (1, True, True, False)


def test_an_exchange_that_ends_notes_its_address_no_more(noted):
    process = start(noted, "exchange", "run", "--port", "0", "--no-sip")
    process.stdout.readline()
    assert noted.exists()
    process.terminate()
    process.communicate(timeout=30)
    assert not noted.exists()


@pytest.mark.parametrize("command", ["run", "status", "dial", "phones", "log"])
def test_every_command_has_help(noted, command):
    code, out, _ = run(noted, "exchange", command, "--help")
    assert (code, "Usage:" in out) == (0, True)


class Redirected(TwilioHttpClient):
    """Twilio's HTTP client, sent to the exchange instead."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=10)
        self._base_url = base_url

    def request(self, method, url, *arguments, **options):
        return super().request(method, url.replace("https://api.twilio.com", self._base_url), *arguments, **options)


def client(noted: Path) -> Client:
    return Client("AC" + "2" * 32, "not-a-secret", http_client=Redirected(noted.read_text()))


def ring(noted: Path, number: str, twiml: str):
    """Make a call; the phone is there, for it has said that it waits."""
    return client(noted).calls.create(to=number, from_="+12065550100", twiml=twiml)
