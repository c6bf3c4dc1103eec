"""Real softphones from Debian and the person who holds them, calling a served centre."""

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from baresip_phone import BaresipPhone
from caller import Caller, Softphone
from linphone_phone import LinphonePhone
from sipp_phone import Deed, SippPhone
from stage import Document, Stage, perform, staged

from house.instance import House
from voices.speaking import Voices

_CALLS = count(1)


def free_port() -> int:
    """A UDP port, with the next one free as well: sound takes an even one, and the next for its reports."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("0.0.0.0", 0))
            port = int(probe.getsockname()[1])
        if port % 2 == 0:
            return port


@pytest.fixture(scope="session")
def line_address(centre: Any) -> str:
    """What a softphone dials."""
    return (centre.folder / "instance" / "sip-address").read_text().strip()


@pytest.fixture(scope="session")
def voices(centre: Any) -> Voices:
    """The voice of the line, sentence by sentence as its calls hear it."""
    return House(centre.folder / "instance", {}).voices


@pytest.fixture
def baresip(program: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[..., BaresipPhone]]:
    """Makes baresips, with an account if one is given."""
    program("baresip")
    phones: list[BaresipPhone] = []

    def make(*account: str) -> BaresipPhone:
        phones.append(BaresipPhone(tmp_path / f"baresip-{len(phones)}", free_port(), *account))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def linphone(program: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[[], LinphonePhone]]:
    """Makes linphonecs."""
    program("linphonec")
    phones: list[LinphonePhone] = []

    def make() -> LinphonePhone:
        phones.append(LinphonePhone(tmp_path / f"linphone-{len(phones)}", free_port(), free_port()))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def sipp(program: Callable[[str], str], tmp_path: Path, line_address: str) -> Iterator[Callable[[list[Deed]], SippPhone]]:
    """Has sipp call the line, to do these things there."""
    program("sipp")
    if os.geteuid() != 0:
        pytest.skip("sipp sends keys through a raw socket, and its sound is heard through one: run this test as root.")
    phones: list[SippPhone] = []

    def call(deeds: list[Deed]) -> SippPhone:
        phones.append(SippPhone(tmp_path / f"sipp-{len(phones)}", line_address, free_port(), free_port(), deeds))
        return phones[-1]

    yield call
    for phone in phones:
        phone.close()


@pytest.fixture(params=["baresip", "linphone"])
def softphone(request: pytest.FixtureRequest) -> Softphone:
    """Each of the two phones that can be spoken into."""
    phone: Softphone = request.getfixturevalue(request.param)()
    return phone


@pytest.fixture
def caller(softphone: Softphone, voices: Voices) -> Caller:
    """The person at it."""
    return Caller(softphone, voices)


Scene = Callable[[Stage], Coroutine[Any, Any, None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Mapping[str, Document], Scene], None]:
    """Plays a scene on a stage with these documents."""

    def run(documents: Mapping[str, Document], scene: Scene) -> None:
        async def whole() -> None:
            async with asyncio.timeout(45), staged(tmp_path, documents) as stage:
                await scene(stage)

        perform(whole())

    return run


def response(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"
