"""The licence manager's options, each as it is typed."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from activation.catalogue import Channel
from activation.redaction import holds_foreign_key
from workstation.commands.slmgr import OPTIONS

FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"
A_DAY = int(timedelta(days=1).total_seconds())


def test_dti_shows_the_installation_id_for_the_phone(room: Any) -> None:
    room.new()
    shown = json.loads(room.do("show", "desk", "--json"))["installation_id"]
    assert room.do("slmgr", "desk", "/dti") == f"Installation ID: {' '.join(shown)}\n"


def test_atp_takes_the_confirmation_id_and_refuses_another_with_a_reason(room: Any, call_line: Any) -> None:
    room.new()
    blocks = call_line(re.findall(r"\d{6}", room.do("slmgr", "desk", "/dti")))
    wrong = blocks[0][:-1] + str((int(blocks[0][-1]) + 1) % 10)
    assert "Block A is wrong" in room.fails("slmgr", "desk", "/atp", wrong, *blocks[1:]).stderr
    assert "0xA0AC0301" in room.log()
    assert "deposited successfully" in room.do("slmgr", "desk", "/atp", "".join(blocks))
    assert room.do("slmgr", "desk", "/xpr") == "The machine is permanently activated.\n"


def test_ato_activates_online_and_leads_to_the_phone_where_that_fails(room: Any) -> None:
    room.new()
    room.point("http://127.0.0.1:9", "http://127.0.0.1:9")
    assert "by telephone" in room.fails("slmgr", "desk", "/ato").stdout
    room.do("routes", "desk", "--reset", "--no-modem")
    printed = room.do("slmgr", "desk", "/ato")
    assert printed.startswith("Activating Windows 7 Professional ...")
    assert room.state() == "activated"


def test_dli_and_dlv_tell_state_channel_partial_key_and_time(room: Any) -> None:
    room.new()
    last = room.machine().key[-5:]
    short = room.do("slmgr", "desk", "/dli")
    for line in ("Name: Windows 7 Professional", "RETAIL channel", f"Partial Product Key: {last}", "Initial grace period"):
        assert line in short
    assert re.search(r"Time remaining: 4319\d minute\(s\) \(30 days\)", short)
    long = room.do("slmgr", "desk", "/dlv")
    assert set(short.splitlines()[:4]) < set(long.splitlines())
    for line in ("Product ID: SIM", "Installation ID: ", "Remaining rearm count: 3", "Trusted time: "):
        assert line in long
    assert room.machine().key not in long


def test_xpr_tells_the_end_of_each_state(room: Any) -> None:
    room.new()
    assert re.fullmatch(r"The grace period ends \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n", room.do("slmgr", "desk", "/xpr"))
    room.change(clock_ahead_seconds=31 * A_DAY)
    assert "has ended" in room.do("slmgr", "desk", "/xpr")
    assert "Notification" in room.do("slmgr", "desk", "/dli")


def test_ipk_exchanges_the_key_and_a_foreign_one_is_refused_unread(room: Any) -> None:
    room.new()
    mak = room.sell(channel=Channel.MAK, allowed=2)
    assert room.do("slmgr", "desk", "/ipk", mak) == f"Installed product key …-{mak[-5:]} successfully.\n"
    assert "MAK channel" in room.do("slmgr", "desk", "/dli")
    before = room.machine()
    refused = room.fails("slmgr", "desk", "/ipk", FOREIGN_KEY)
    assert "refused unread" in refused.stderr
    assert room.machine() == before
    kept = "".join(file.read_text() for file in (room.home / "workstations").iterdir())
    assert not holds_foreign_key(kept + refused.output)


def test_upk_takes_the_key_and_the_activation_with_it(room: Any) -> None:
    key = room.new().key
    room.do("slmgr", "desk", "/ato")
    assert "Uninstalled product key successfully" in room.do("slmgr", "desk", "/upk")
    assert room.state() == "grace ended"
    assert "no product key is installed" in room.do("slmgr", "desk", "/dli")
    for again in (("slmgr", "desk", "/upk"), ("slmgr", "desk", "/ato"), ("activate", "desk", "--yes")):
        refused = room.fails(*again)
        assert "slmgr desk /ipk KEY" in refused.stderr
        assert "telephone" not in refused.stdout
    other = room.sell()
    room.do("slmgr", "desk", "/ipk", other)
    room.do("slmgr", "desk", "/ato")
    assert (room.state(), room.machine().key) == ("activated", other)
    assert key != other


def test_rearm_shows_its_counter_and_ends_after_three(room: Any) -> None:
    room.new()
    for left in (2, 1, 0):
        assert f"Remaining rearm count: {left}" in room.do("slmgr", "desk", "/rearm")
    assert "no more" in room.fails("slmgr", "desk", "/rearm").stderr
    assert room.log().count("timers reset") == 3


@pytest.mark.parametrize("option", ["/cpky", "/ilc", "/rilc"])
def test_what_has_no_file_here_is_a_line_in_the_log_only(room: Any, option: str) -> None:
    room.new()
    before, machine = room.log(), room.machine()
    said = room.do("slmgr", "desk", option).strip()
    (line,) = room.log().removeprefix(before).splitlines()
    assert line.endswith(said)
    assert room.machine() == machine


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_every_answer_is_in_the_systems_language(room: Any, language: str) -> None:
    room.new(language=language)
    words = {"en": "License Status", "de": "Lizenzstatus", "fr": "État de la licence", "es": "Estado de la licencia"}
    assert words[language] in room.do("slmgr", "desk", "/dlv")


@pytest.mark.parametrize(
    ("written", "words"),
    [(("/nothing",), "/ipk /upk"), (("/ipk",), "/ipk KEY"), (("/dti", "1"), "slmgr desk /dti"), (("/atp",), "CONFIRMATION_ID")],
)
def test_an_option_written_wrongly_is_told_how_it_is_written(room: Any, written: tuple[str, ...], words: str) -> None:
    room.new()
    outcome = room.run("slmgr", "desk", *written)
    assert outcome.exit_code == 2
    assert words in outcome.stderr


def test_an_option_may_be_written_in_capitals(room: Any) -> None:
    room.new()
    assert "Name:" in room.do("slmgr", "desk", "/DLI")


def test_the_help_names_every_option(room: Any) -> None:
    told = room.do("slmgr", "--help")
    assert all(option in told for option in OPTIONS)
