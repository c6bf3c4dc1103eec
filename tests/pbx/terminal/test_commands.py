"""The command `call` as a person runs it: a process of its own, a pipe for the typing, a real centre at the other end."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

SIGNING_KEY = "not-a-secret"
ROOT = Path(__file__).parents[3]

PROGRAM = """
import sys
from types import SimpleNamespace
import click
from pbx.terminal.commands import call_command

def values(name):
    if name != "office":
        raise click.ClickException(f"there is no workstation {name}.")
    return {"group1": "123456"}

def redact(text):
    return text.replace("SECRET", "(removed)")

line = SimpleNamespace(voice_url=sys.argv[1], account_sid="AC" + "2" * 32, auth_token=sys.argv[2], line_number="+12065550100")
call_command(values, redact)(args=sys.argv[3:], obj=line)
"""

PAGES = {
    "/voice": '<Gather input="dtmf speech" numDigits="6" action="/voice/group"><Say>Group one.</Say></Gather>'
    "<Redirect>/voice</Redirect>",
    "/voice/group": "<Say>Thank you. SECRET.</Say><Hangup/>",
    "/queue": '<Enqueue waitUrl="/queue/wait">agents</Enqueue><Say>You left the queue.</Say>',
    "/queue/wait": '<Gather numDigits="1" action="/queue/leave"><Say>Star leaves.</Say><Play>/music.wav</Play></Gather>',
    "/queue/leave": "<Leave/>",
    "/broken": "<Say>",
}


class Centre:
    """A Flask line that refuses what is not signed and keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, str]]] = []
        application = Flask("centre")
        application.add_url_rule("/<path:path>", view_func=self.answer, methods=["POST"])
        self.server = make_server("127.0.0.1", 0, application, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> Response:
        if not RequestValidator(SIGNING_KEY).validate(request.url, request.form, request.headers["X-Twilio-Signature"]):
            abort(403)
        self.told.append((f"/{path}", request.form.to_dict()))
        if path.endswith("/status"):
            return Response(status=204)
        return Response(f"<Response>{PAGES.get(f'/{path}') or abort(404)}</Response>", mimetype="text/xml")

    def paths(self) -> list[str]:
        return [path for path, _ in self.told]


@pytest.fixture
def centre():
    running = Centre()
    thread = threading.Thread(target=running.server.serve_forever)
    thread.start()
    yield running
    running.server.shutdown()
    thread.join()
    running.server.server_close()


def call(url: str, *arguments: str, typed: str = "", signing_key: str = SIGNING_KEY) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, url, signing_key, *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


def test_a_call_typed_through_a_pipe_reaches_its_end(centre):
    done = call(f"{centre.url}/voice", typed="123456\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "(The line answers.)",
        "Line: Group one.",
        "You:  keys 123456",
        "Line: Thank you. (removed).",
        "(The line hung up.)",
    ]
    assert centre.paths() == ["/voice", "/voice/group", "/voice/status"]
    assert centre.told[1][1]["Digits"] == "123456"
    assert centre.told[2][1]["CallStatus"] == "completed"


def test_a_star_typed_into_the_music_of_a_queue_leaves_it(centre):
    command = [sys.executable, "-c", PROGRAM, f"{centre.url}/queue", SIGNING_KEY]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as phone:
        assert [phone.stdout.readline() for _ in range(3)][1:] == ["Line: Star leaves.\n", "(♪ music)\n"]
        out, err = phone.communicate("*\n", timeout=15)
    assert out.splitlines() == ["You:  keys *", "Line: You left the queue.", "(The line hung up.)"], err
    assert centre.told[2][1]["Digits"] == "*"


def test_the_end_of_the_pipe_hangs_up_and_the_centre_is_told(centre):
    done = call(f"{centre.url}/voice", typed="\n")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "(You hung up.)")
    assert centre.paths() == ["/voice", "/voice", "/voice/status"]


def test_the_numbers_are_the_defaults_or_the_given_ones(centre):
    call(f"{centre.url}/voice")
    call(f"{centre.url}/voice", "--from", "anonymous", "--to", "+12065550199")
    numbers = {(form["From"], form["To"]) for _, form in centre.told}
    assert numbers == {("+12065550143", "+12065550100"), ("anonymous", "+12065550199")}
    assert len({form["CallSid"] for _, form in centre.told}) == 2


def test_a_script_with_a_workstations_values_reaches_its_end(centre, tmp_path):
    script = tmp_path / "call.txt"
    script.write_text('hear "group one"\nkeys {group1}\nhear "{thanks}"\nend hung-up-by-line\n')
    done = call(f"{centre.url}/voice", "--script", str(script), "--workstation", "office", "--set", "thanks=thank you")
    assert done.returncode == 0, done.stderr


def test_a_script_that_is_strayed_from_exits_with_1_and_names_its_line(centre, tmp_path):
    script = tmp_path / "call.txt"
    script.write_text('keys 123456\nhear "goodbye"\nend hung-up-by-line\n')
    done = call(f"{centre.url}/voice", "--script", str(script))
    assert done.returncode == 1
    sentence = 'Error: line 2 of the script: the line did not say "goodbye"; heard instead: "Thank you. (removed)."'
    assert done.stderr.strip() == sentence


def test_a_transcript_is_a_script_that_plays_the_call_again(centre, tmp_path):
    transcript = tmp_path / "transcript.txt"
    call(f"{centre.url}/voice", "--transcript", str(transcript), typed="\nSECRET words\n")
    written = transcript.read_text()
    assert written.splitlines() == [
        "# The line answers.",
        'hear "Group one."',
        "silence",
        'hear "Group one."',
        "say (removed) words",
        'hear "Thank you. (removed)."',
        "end hung-up-by-line",
    ]
    transcript.write_text(written.replace(" (removed).", ""))
    assert call(f"{centre.url}/voice", "--script", str(transcript)).returncode == 0


def test_a_centre_that_does_not_run_is_one_sentence():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/voice"
    done = call(url)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: no centre answers at {url}; start one with `activation-center serve`.\n"


@pytest.mark.parametrize("url", ["nowhere", "ftp://127.0.0.1/x", "http://127.0.0.1:port/", "http://[/"])
def test_a_bad_url_is_one_sentence(url):
    done = call("http://unused/", "--url", url)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_line_that_fails_tells_what_went_wrong(centre):
    done = call(f"{centre.url}/broken")
    assert done.returncode == 1
    assert "Error: the line failed with error 12100" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_wrong_token_is_told_as_the_403_it_is(centre):
    done = call(f"{centre.url}/voice", signing_key="another")
    assert done.returncode == 1
    assert "the server answered 403" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "fallback"), [((), "/broken/fallback"), (("--fallback-url", "{url}/voice/group"), "/voice/group")]
)
def test_the_fallback_url_is_turned_to(centre, arguments, fallback):
    call(f"{centre.url}/broken", *(argument.format(url=centre.url) for argument in arguments))
    path, form = centre.told[1]
    assert (path, form["ErrorCode"], form["ErrorUrl"]) == (fallback, "12100", f"{centre.url}/broken")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--set", "a=1"), "add --script FILE"),
        (("--script", __file__, "--set", "a"), "write NAME=VALUE"),
        (("--script", __file__, "--workstation", "attic"), "there is no workstation attic"),
        (("--script", __file__), "line 1 of the script: not a step"),
        (("--script", sys.executable), "is not a text file in UTF-8"),
        (("--script", "/nonexistent"), "does not exist"),
    ],
)
def test_bad_input_is_a_sentence(arguments, sentence):
    done = call("http://127.0.0.1:9/voice", *arguments)
    assert done.returncode in {1, 2}
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_help_has_an_example_of_a_call_and_of_a_script():
    done = call("http://unused/", "--help")
    assert done.returncode == 0
    assert "activation-center call --script activate.txt --workstation office-pc" in done.stdout
    assert "keys {group1}" in done.stdout
