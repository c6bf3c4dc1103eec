"""The service as it stands in the whole application, with the settings and the demo data that an instance begins with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from house.clerk import jobs_of
from house.instance import House
from house.web import create_app

MAK, EUROPE_ONLY = 3010, 1005
GERMAN, AMERICAN = "198.51.100.7", "192.0.2.7"
ShowId = Callable[[int, int], tuple[str, ...]]


@pytest.fixture(scope="module")
def client(house: House) -> FlaskClient:
    return create_app(house).test_client()


def ask(client: FlaskClient, request_id: str, groups: tuple[str, ...], *, seen: str = GERMAN) -> tuple[int, dict[str, object]]:
    body = {"request_id": request_id, "installation_id": "-".join(groups)}
    answer = client.post("/activate", json=body, headers={"X-Forwarded-For": seen})
    return answer.status_code, answer.get_json()


def test_a_demo_key_activates_and_its_record_is_kept(client: FlaskClient, house: House, show_id: ShowId) -> None:
    status, said = ask(client, "one", show_id(MAK, 77))
    assert (status, said["product"], said["counted"]) == (200, "Windows 7 Professional", True)
    newest = house.store.read(lambda tx: tx.activations.newest(1))[0]
    assert (newest.serial, newest.hardware, newest.door, newest.last_block) == (MAK, 77, "web", said["key"])


def test_the_edition_for_europe_is_refused_from_america_and_activated_in_germany(client: FlaskClient, show_id: ShowId) -> None:
    # row 24: with the networks that an instance begins with, behind its proxy
    status, said = ask(client, "afar", show_id(EUROPE_ONLY, 1), seen=AMERICAN)
    assert (status, said["code"], said["phone_number"]) == (403, "region", "+18005550199")
    assert ask(client, "near", show_id(EUROPE_ONLY, 1))[0] == 200


def test_the_clerk_erases_answers_when_their_hours_are_over(house: House, client: FlaskClient, show_id: ShowId) -> None:
    (job,) = [each for each in jobs_of(house) if each.name == "erase web answers"]
    ask(client, "kept", show_id(MAK, 78))
    assert job.run() == 0
    house.settings = replace(house.settings, service=replace(house.settings.service, answers_kept=timedelta(0)))
    assert job.run() > 0
    assert ask(client, "kept", show_id(MAK, 78))[1]["counted"] is False
