"""What happens on the way: a tool killed at any moment, a centre that asks to come later, that fails, that is not there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.proxy import sending
from workstation.proxy.centre import Answered, Later, Rejected
from workstation.proxy.collection import Collection, Received, Row
from workstation.proxy.sending import plan, send

ROWS = 2 * sending.ROWS_OF_A_BATCH + 1
Start = Callable[..., object]


def listed(path: Path, ids: Iterable[str], key: str) -> str:
    """A list of these computers."""
    lines = [f"pc-{number},{digits},{key}\n" for number, digits in enumerate(ids)]
    path.write_text("name,installation_id,product_key\n" + "".join(lines))
    return str(path)


def run_until_killed(network: Any) -> subprocess.Popen[bytes]:
    """`proxy send` in a process of its own."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "app",
        "proxy",
        "send",
        "--collection",
        str(network.file),
        "--centre",
        network.base_url,
    ]
    environment = {**os.environ, "ACTIVATION_CENTER_HOME": str(network.home)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("request_number", "is_decided"), [(1, True), (2, False), (3, True)], ids=["told nothing", "undecided", "last not told"]
)
def test_killed_during_send_and_run_again_every_computer_is_counted_once(
    network: Any, centre: Any, ids: Any, tmp_path: Path, request_number: int, is_decided: bool
) -> None:
    key = centre.sell(allowed=ROWS)
    network("collect", "--csv", listed(tmp_path / "all.csv", ids(key, ROWS), key))
    asked: list[str] = []
    tool: list[subprocess.Popen[bytes]] = []

    def kill(application: Any, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        if len(asked) != request_number:
            return application(environ, start_response)  # type: ignore[no-any-return]
        answer = list(application(environ, start_response)) if is_decided else []
        tool[0].send_signal(signal.SIGKILL)
        tool[0].wait()
        return answer or application(environ, start_response)  # type: ignore[no-any-return]

    centre.on_the_way = kill
    tool.append(run_until_killed(network))
    assert tool[0].wait() == -signal.SIGKILL
    centre.on_the_way = None
    told = json.loads(network("send", "--json").stdout)
    assert told["left"] == 0
    assert centre.used(key) == ROWS
    assert [row["status"] for row in network.rows()] == ["received"] * ROWS
    assert all(row["counted"] for row in network.rows())


def refuse_once(status: str, retry_after: str, asked: list[str]) -> Callable[..., Iterable[bytes]]:
    """Stands in front of the centre: the first request is told to come again later."""

    def way(application: Any, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        if len(asked) > 1:
            return application(environ, start_response)  # type: ignore[no-any-return]
        start_response(status, [("Retry-After", retry_after), ("Content-Type", "application/problem+json")])
        return [b'{"type":"about:blank","title":"-","status":0,"detail":"Come again later.","code":"-"}']

    return way


@pytest.mark.parametrize("status", ["429 TOO MANY REQUESTS", "500 INTERNAL SERVER ERROR", "503 SERVICE UNAVAILABLE"])
def test_a_centre_that_asks_to_come_later_is_asked_again_after_the_time_it_named(
    network: Any, centre: Any, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("workstation.proxy.commands.asking.time.sleep", waited.append)
    key = centre.sell()
    network.install("lab-1", key)
    network("collect", "lab-1")
    asked: list[str] = []
    centre.on_the_way = refuse_once(status, "7", asked)
    outcome = network("send")
    assert (waited, asked) == ([7.0], ["/activate/batch"] * 2)
    assert "Come again later. Trying again in 7 s." in outcome.stderr
    assert centre.used(key) == 1


@pytest.mark.parametrize("retry_after", ["121", "99999999999", "٣"])
def test_whoever_asks_for_too_long_a_wait_or_for_no_number_is_not_waited_for_so_long(
    network: Any, centre: Any, monkeypatch: pytest.MonkeyPatch, retry_after: str
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("workstation.proxy.commands.asking.time.sleep", waited.append)
    network.install("lab-1", centre.sell())
    network("collect", "lab-1")
    centre.on_the_way = refuse_once("503 SERVICE UNAVAILABLE", retry_after.encode().decode("latin-1"), [])
    is_number = retry_after.isascii()
    outcome = network("send", fails=is_number)
    assert waited == ([] if is_number else [2.0])
    assert not is_number or "Come again later." in outcome.stdout


def test_during_an_outage_nothing_is_lost_and_the_next_send_goes_on(
    network: Any, centre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workstation.proxy.commands.asking.time.sleep", lambda _: pytest.fail("an outage is not waited for"))
    key = centre.sell()
    network.install("lab-1", key)
    network("collect", "lab-1")
    centre.switch_outage(is_on=True)
    outcome = network("send", fails=True)
    centre.switch_outage(is_on=False)
    assert "left to send  1" in outcome.stdout
    assert [row["status"] for row in network.rows()] == ["sent"]
    assert "run `proxy send` first" in network("remove", "lab-1", fails=True).stderr
    network("send")
    assert centre.used(key) == 1


def test_a_centre_that_is_not_there_is_a_sentence_and_the_rows_stay(
    network: Any, centre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workstation.proxy.commands.asking.time.sleep", lambda _: None)
    network.install("lab-1", centre.sell())
    network("collect", "lab-1")
    outcome = network("send", "--centre", "http://127.0.0.1:9", fails=True)
    assert "No activation centre answers at http://127.0.0.1:9." in outcome.stdout
    assert "No activation centre answers" in network("counts", "--centre", "http://127.0.0.1:9", fails=True).stderr
    assert "is not the address of an activation centre" in network("send", "--centre", "http://[", fails=True).stdout
    network("send")


@pytest.mark.parametrize("answer", [b"<html>sign in</html>", b"{}", b'{"rows": [], "remaining": {}}', b'{"rows": 3}'])
def test_an_answer_that_is_no_centres_turns_down_its_rows_which_wait_to_be_sent_anew(
    network: Any, centre: Any, answer: bytes
) -> None:
    key = centre.sell()
    network.install("lab-1", key)
    network("collect", "lab-1")

    def way(_application: Any, _environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [answer]

    centre.on_the_way = way
    assert "is not an activation centre's" in " ".join(network("send", fails=True).stdout.split())
    assert [row["status"] for row in network.rows()] == ["collected"]
    centre.on_the_way = None
    network("send")
    assert centre.used(key) == 1


def test_a_request_that_is_turned_down_does_not_stop_the_others(network: Any, centre: Any, ids: Any, tmp_path: Path) -> None:
    key = centre.sell(allowed=ROWS)
    network("collect", "--csv", listed(tmp_path / "all.csv", ids(key, ROWS), key))
    asked: list[str] = []
    centre.on_the_way = refuse_once("400 BAD REQUEST", "0", asked)
    told = json.loads(network("send", "--json", fails=True).stdout)
    assert (told["received"], told["left"], told["problems"]) == (
        ROWS - sending.ROWS_OF_A_BATCH,
        sending.ROWS_OF_A_BATCH,
        ["Come again later."],
    )
    network("send")
    assert centre.used(key) == ROWS


class Crash(Exception):
    """The tool is gone."""


class CountingCentre:
    """Counts each installation once, keeps to the rule of request ids, and breaks down as a plan of moments says."""

    def __init__(self, moments: list[str]) -> None:
        self._moments = iter(moments)
        self.seats: set[str] = set()
        self.requests: dict[str, tuple[str, ...]] = {}

    def ask(self, request_id: str, rows: tuple[Row, ...]) -> Answered | Later | Rejected:
        moment = next(self._moments, "answer")
        if moment == "crash before":
            raise Crash
        if moment in {"later", "reject"}:
            return Later(1, "later") if moment == "later" else Rejected("no")
        shown = tuple(row.installation_id for row in rows)
        assert self.requests.setdefault(request_id, shown) == shown, "one id, two requests"
        self.seats.update(shown)
        if moment == "crash after":
            raise Crash
        return Answered({row.row_id: Received(("123456",), 0, counted=True) for row in rows}, {})


MOMENTS = st.sampled_from(["answer", "crash before", "crash after", "later", "reject"])


@given(st.integers(0, 12), st.lists(MOMENTS, max_size=30), st.integers(1, 4))
def test_however_it_breaks_down_every_row_is_answered_in_the_end_and_no_request_changes(
    how_many: int, moments: list[str], at_a_time: int
) -> None:
    collection = Collection(tuple(Row(i, f"pc-{i}", str(i)) for i in range(1, how_many + 1)), next_row_id=how_many + 1)
    centre, numbers = CountingCentre(moments), iter(range(1000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "ROWS_OF_A_BATCH", at_a_time)
        while any(row.received is None for row in collection.rows):
            saved = plan(collection, lambda: f"request-{next(numbers)}")
            try:
                for step in send(saved, centre, lambda _: None):  # type: ignore[arg-type]
                    saved = step.collection
            except Crash:
                pass
            collection = saved
    assert centre.seats == {row.installation_id for row in collection.rows}
    assert not collection.unanswered
