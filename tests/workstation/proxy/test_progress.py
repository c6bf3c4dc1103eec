"""How far a long command has come: a bar on a terminal, short lines in a log; on standard error, beside what is piped on."""

import pytest

from workstation.proxy.commands.progress import progressing


def drive(total: int, steps: list[int]) -> None:
    with progressing("Sent", total) as progress:
        for rows in steps:
            progress.advance(rows)
        progress.note("Come again [later].")


def test_a_log_gets_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    drive(10_000, [500] * 20)
    out, err = capsys.readouterr()
    tenths = [f"Sent: {done:,} of 10,000" for done in range(1000, 10_001, 1000)]
    assert (out, err.splitlines()) == ("", [*tenths, "Come again [later]."])


def test_a_terminal_gets_a_bar_with_how_many_of_how_many(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    drive(4, [1, 2])
    out, err = capsys.readouterr()
    assert out == ""
    assert "━" in err
    assert "3/4" in err
    assert "Come again [later]." in err
