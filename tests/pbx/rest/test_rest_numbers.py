"""Incoming phone numbers: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource."""

import pytest
from twilio.base.exceptions import TwilioRestException

LINE = "+12065550100"


@pytest.fixture
def number(floor):
    """The one number, as it was again afterwards."""
    number = floor.client.incoming_phone_numbers.list()[0]
    yield number
    number.update(
        voice_url=number.voice_url,
        voice_method="POST",
        voice_fallback_url=number.voice_fallback_url,
        status_callback=number.status_callback,
        friendly_name="The line",
    )


def test_a_number_tells_its_webhooks(floor, number):
    assert (number.phone_number, number.friendly_name) == (LINE, "The line")
    assert (number.voice_url, number.voice_fallback_url) == (floor.url("/voice"), floor.url("/fallback"))
    assert number.status_callback == floor.url("/status")
    assert number.capabilities["voice"] is True
    assert floor.client.incoming_phone_numbers(number.sid).fetch().phone_number == LINE


def test_numbers_are_found_by_number_and_name(floor, number):
    def found(**wanted):
        return [one.phone_number for one in floor.client.incoming_phone_numbers.list(**wanted)]

    assert found(phone_number=LINE) == found(friendly_name="The line") == found(phone_number="555") == [LINE]
    assert found(phone_number="+49") == found(friendly_name="Another") == []


def test_an_update_changes_what_it_names_and_nothing_else(floor, number):
    changed = number.update(voice_url=floor.url("/other"), voice_method="GET", friendly_name="Another")
    assert (changed.voice_url, changed.voice_method, changed.friendly_name) == (floor.url("/other"), "GET", "Another")
    assert (changed.voice_fallback_url, changed.status_callback) == (floor.url("/fallback"), floor.url("/status"))
    without = number.update(status_callback="")
    assert (without.status_callback, without.voice_url) == ("", floor.url("/other"))


@pytest.mark.parametrize(
    "wrong", [{"voice_url": "nowhere"}, {"voice_method": "PUT"}, {"status_callback": "x"}, {"friendly_name": "x" * 65}]
)
def test_an_update_that_will_not_do_is_refused_and_changes_nothing(floor, number, wrong):
    with pytest.raises(TwilioRestException) as refused:
        number.update(**{"voice_fallback_url": floor.url("/changed"), **wrong})
    assert refused.value.status == 400
    assert floor.client.incoming_phone_numbers(number.sid).fetch().voice_fallback_url == floor.url("/fallback")


def test_a_number_unknown_here_is_not_found(floor):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.incoming_phone_numbers("PN" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)
