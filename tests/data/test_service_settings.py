"""The sections `[service]` and `[geography]`: what they say, and what will not do is a sentence."""

import tomllib
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from callcenter.service.activation.batch import PART_ROWS
from data.instance import DEFAULT_SETTINGS
from data.service_settings import read_service


def test_what_an_instance_begins_with_is_what_is_left_out() -> None:
    raw = tomllib.loads(DEFAULT_SETTINGS)
    assert read_service(raw["service"], raw["geography"]) == read_service({}, {})


def test_the_networks_of_the_demonstration_are_nobodys() -> None:
    # documentation's own networks (RFC 5737, RFC 3849)
    documented = [ip_network(name) for name in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
    assert list(read_service({}, {}).networks) == documented


def test_as_many_rows_an_hour_as_one_part_of_a_batch_has_will_do() -> None:
    assert read_service({"rows_per_hour": PART_ROWS}, {}).rows_per_hour == PART_ROWS


def test_what_is_set_is_read() -> None:
    settings = read_service({"requests_per_minute": 5, "answers_kept_hours": 2}, {"networks": {"10.0.0.0/8": "CH"}})
    assert (settings.requests_per_minute, settings.rows_per_hour, settings.answers_kept) == (5, 200_000, timedelta(hours=2))
    assert dict(settings.networks) == {ip_network("10.0.0.0/8"): "CH"}


@pytest.mark.parametrize(
    ("service", "geography", "sentence"),
    [
        ({"speed": 1}, {}, r"\[service\] has no setting 'speed'"),
        ({"rows_per_hour": PART_ROWS - 1}, {}, f"rows_per_hour must be a whole number from {PART_ROWS} "),
        ({"requests_per_minute": 0}, {}, "requests_per_minute must be a whole number from 1 "),
        ({"rows_per_hour": True}, {}, "write it like rows_per_hour = 200000"),
        ({"requests_per_minute": "many"}, {}, "requests_per_minute must be"),
        ({}, {"country": "US"}, r"\[geography\] has no setting 'country'"),
        ({}, {"networks": []}, "networks must be a table"),
        ({}, {"networks": {"here": "US"}}, "not 'here'"),
        ({}, {"networks": {"192.0.2.1/24": "US"}}, "networks must name networks such as"),
        ({}, {"networks": {"192.0.2.0/24": "us"}}, "two capital letters"),
        ({}, {"networks": {"192.0.2.0/24": 1}}, "two capital letters"),
    ],
)
def test_what_will_not_do_is_a_sentence(service: dict[str, Any], geography: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_service(service, geography)
