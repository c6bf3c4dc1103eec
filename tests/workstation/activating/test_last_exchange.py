"""What a computer keeps of what it sent."""

from typing import Any


def test_what_was_sent_goes_with_the_computer(room: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes")
    assert room.do("requests", "desk")
    room.do("remove", "desk")
    assert list((room.home / "workstations").iterdir()) == []
