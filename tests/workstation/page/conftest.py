"""A whole centre with its demo data, served: `/workstation` as people find it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from page_people import Person, Room, open_house
from werkzeug.serving import make_server

from house.instance import House
from house.web import create_app


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The centre, answering on a port of its own: computers reach it by HTTP as everywhere."""
    house = open_house(tmp_path_factory.mktemp("room") / "instance", {})
    app = create_app(house)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    house.instance.web_address.note(url)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Room(house, app, url)
    server.shutdown()
    thread.join()
    server.server_close()
    house.store.close()


@pytest.fixture
def person(room: Room) -> Person:
    return Person(room.app.test_client())


@pytest.fixture
def closed_centre(tmp_path: Path) -> Iterator[Callable[[bool], FlaskClient]]:
    """A centre with a public address, whose settings offer the page or do not."""
    houses: list[House] = []

    environment = {"ACTIVATION_CENTER_PUBLIC_URL": "https://line.example.com"}

    def make(is_offered: bool) -> FlaskClient:
        first = open_house(tmp_path / "instance", environment)
        settings = first.instance.settings_file
        if is_offered:
            settings.write_text(settings.read_text().replace("page = false", "page = true"))
        houses.extend((first, House(first.home, environment)))
        return create_app(houses[-1]).test_client()

    yield make
    for house in houses:
        house.store.close()
