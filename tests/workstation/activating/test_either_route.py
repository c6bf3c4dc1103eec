"""One retail key, two routes: it activates one computer by whichever, and no second one by either."""

import re
from typing import Any

import pytest

from activation.catalogue import Channel
from activation.keys import ProductKey, read_key

ROUTES = ["internet", "telephone"]


def activate(room: Any, call_line: Any, name: str, route: str) -> None:
    if route == "internet":
        room.do("activate", name, "--yes")
    else:
        room.do("confirm", name, *call_line(re.findall(r"\d+: (\d+)", room.do("slui", name))))


# row 5
@pytest.mark.parametrize("route", ROUTES)
def test_a_retail_key_activates_one_computer_by_either_route_and_no_second_one(room: Any, call_line: Any, route: str) -> None:
    key = room.sell()
    room.new("first", key)
    room.new("second", key)
    activate(room, call_line, "first", route)
    assert room.state("first") == "activated"
    room.fails("activate", "second", "--yes", typed="2\n")
    assert room.state("second") == "in grace"


# row 46
@pytest.mark.parametrize("route", ROUTES)
def test_a_computer_out_of_tolerance_is_activated_again_online_when_the_copy_is_on_it_alone(
    room: Any, call_line: Any, route: str
) -> None:
    room.new("desk", room.sell())
    activate(room, call_line, "desk", route)
    room.do("change", "desk", "--all")
    assert room.state() == "out of tolerance"
    room.do("activate", "desk", "--yes", "--computers", "1")
    assert room.state() == "activated"


def left(room: Any, key: str) -> int:
    """What the centre has left of this key."""
    read = read_key(key, room.house.secrets)
    assert isinstance(read, ProductKey)
    record = room.house.find_key(read.serial)
    return int(record.allowed - record.used)


# rows 67, 68
def test_each_computer_takes_one_from_a_maks_count_by_either_route_and_by_itself(room: Any, call_line: Any) -> None:
    key = room.sell(channel=Channel.MAK, allowed=3)
    for name, route, remaining in (("online", "internet", 2), ("called", "telephone", 1)):
        room.new(name, key)
        activate(room, call_line, name, route)
        assert (room.state(name), left(room, key)) == ("activated", remaining)
