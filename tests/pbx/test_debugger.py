"""The debugger: what it keeps, for how long, and what never gets into it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from pbx.codes import CallError, Code, Notice
from pbx.debugger import REMEMBERED, Debugger

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
CALL = "CA" + "1" * 32


def debugger(redact=str):
    seconds = count()
    return Debugger(lambda: BEGAN + timedelta(seconds=next(seconds)), redact)


def notice(line=3, detail="give a number"):
    return Notice(Code.PAUSE_LENGTH, "https://user:secret@centre.test/voice?token=1", line, detail)


def test_an_alert_says_when_where_and_what_is_wrong():
    kept = debugger()
    kept.note(CALL, notice())
    (alert,) = kept
    assert (alert.at, alert.call_sid, alert.line) == (BEGAN, CALL, 3)
    assert str(alert) == "warning 13910, https://centre.test/voice, line 3: Pause: Invalid length value: give a number"


def test_an_error_without_a_line_names_the_document():
    kept = debugger()
    kept.note(CALL, CallError(Code.RETRIEVAL_FAILED, "https://centre.test/voice", "the server answered 500"))
    (alert,) = kept
    assert str(alert) == "error 11200, https://centre.test/voice: HTTP retrieval failure: the server answered 500"


def test_the_latest_comes_first():
    kept = debugger()
    for line in (1, 2, 3):
        kept.note(CALL, notice(line))
    assert [alert.line for alert in kept] == [3, 2, 1]


def test_only_the_latest_are_kept():
    kept = debugger()
    for line in range(1, REMEMBERED + 11):
        kept.note(CALL, notice(line))
    assert (len(list(kept)), [alert.line for alert in kept][-1]) == (REMEMBERED, 11)


def test_what_may_never_be_shown_is_neither_kept_nor_logged(caplog):
    kept = debugger(lambda text: text.replace("KEY", "[removed]"))
    kept.note(CALL, notice(detail="a KEY was given"))
    (alert,) = kept
    assert "KEY" not in alert.detail + caplog.text
    assert "[removed]" in caplog.text
