"""Status callbacks of the phones at the desks, as the telephony side sends them."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from callcenter.floor.queue import EntryStatus
from callcenter.service.desk_phones import add_desk_phones


@pytest.fixture
def client(desks) -> FlaskClient:
    app, blueprint = Flask("desks", static_folder=None), Blueprint("voice", __name__, url_prefix="/voice")
    add_desk_phones(blueprint, desks.store, lambda: desks.now)
    app.register_blueprint(blueprint)
    return app.test_client()


def told(client: FlaskClient, desks, sid: str, status: str, part: str = "") -> int:
    part = part or desks.parts(sid)[0].id
    address = f"/voice/desk?call={sid}&person=amira&part={part}"
    return client.post(address, data={"CallStatus": status}).status_code


@pytest.mark.parametrize("status", ["completed", "failed", "no-answer", "busy", "canceled"])
def test_however_an_agents_phone_ended_the_caller_waits_again(client, desks, status: str) -> None:
    sid = desks.with_agent("amira")
    assert told(client, desks, sid, status) == 204
    assert desks.entry(sid).status is EntryStatus.WAITING


@pytest.mark.parametrize("status", ["initiated", "ringing", "in-progress", ""])
def test_a_phone_that_rings_or_talks_changes_nothing(client, desks, status: str) -> None:
    sid = desks.with_agent("amira")
    assert told(client, desks, sid, status) == 204
    assert desks.entry(sid).status is EntryStatus.ANSWERED


def test_another_part_than_the_present_one_changes_nothing(client, desks) -> None:
    sid = desks.with_agent("amira")
    assert told(client, desks, sid, "completed", part="an-older-one") == 204
    assert desks.entry(sid).status is EntryStatus.ANSWERED
