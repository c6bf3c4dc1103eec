"""The anchors outside the database: one line an act, only forward, whoever writes."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.anchor import AnchorFile


@pytest.fixture
def anchors(tmp_path: Path) -> AnchorFile:
    file = AnchorFile(tmp_path / "audit-anchors")
    file.create()
    return file


def digest_of(number: int) -> str:
    return f"{number:064x}"


def test_before_the_first_act_there_is_nothing_and_nothing_is_wrong(anchors: AnchorFile) -> None:
    assert (anchors.all(), anchors.damage()) == ((), ())


def test_a_file_that_was_taken_away_is_told_and_not_begun_anew(anchors: AnchorFile) -> None:
    anchors.note(1, digest_of(1))
    anchors.path.unlink()
    anchors.note(2, digest_of(2))
    assert anchors.all() == ()
    assert anchors.damage() == ("audit-anchors is missing: somebody took it away. Put back the newest copy of it.",)


def test_every_act_adds_a_line_that_others_read_and_nobody_else_may(anchors: AnchorFile) -> None:
    for number in (1, 2, 5):
        anchors.note(number, digest_of(number))
    assert AnchorFile(anchors.path).all() == tuple((number, digest_of(number)) for number in (1, 2, 5))
    assert anchors.path.stat().st_mode & 0o077 == 0


@settings(deadline=None)  # every note is forced onto the disk, which takes as long as it takes
@given(st.lists(st.integers(1, 10**9), max_size=30))
def test_whatever_comes_the_anchors_go_forward_only(tmp_path_factory: pytest.TempPathFactory, numbers: list[int]) -> None:
    anchors = AnchorFile(tmp_path_factory.mktemp("anchors") / "audit-anchors")
    anchors.create()
    for number in numbers:
        anchors.note(number, digest_of(number))
    kept = [number for number, _ in anchors.all()]
    assert kept == sorted({number for place, number in enumerate(numbers) if number > max(numbers[:place], default=0)})
    assert anchors.damage() == ()


def test_threads_and_other_openings_of_the_file_lose_no_order(anchors: AnchorFile) -> None:
    def note(start: int) -> None:
        own = AnchorFile(anchors.path)
        for number in range(start, 200, 4):
            own.note(number, digest_of(number))

    threads = [threading.Thread(target=note, args=(start,)) for start in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert anchors.damage() == ()
    assert anchors.all()[-1] == (199, digest_of(199))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no second process to fork")
def test_processes_lose_no_order(anchors: AnchorFile) -> None:
    child = os.fork()
    for number in range(1 if child else 2, 200, 2):
        anchors.note(number, digest_of(number))
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert anchors.damage() == ()
    assert anchors.all()[-1] == (199, digest_of(199))


def test_a_line_cut_off_by_a_crash_is_told_and_the_next_act_gets_a_line_of_its_own(anchors: AnchorFile) -> None:
    anchors.note(1, digest_of(1))
    anchors.path.write_text(f"1 {digest_of(1)}\n2 00ab")
    anchors.note(3, digest_of(3))
    assert anchors.all() == ((1, digest_of(1)), (3, digest_of(3)))
    assert [sentence[:6] for sentence in anchors.damage()] == ["Line 2"]


def test_lines_put_in_another_order_are_told(anchors: AnchorFile) -> None:
    anchors.path.write_text(f"2 {digest_of(2)}\n1 {digest_of(1)}\n")
    assert "from act 2 to act 1" in anchors.damage()[0]
