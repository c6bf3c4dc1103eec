import pytest

from pbx.rtp.source import QUIET_TICKS, Source, is_here

PHONE, SAME_HOST, STRANGER = ("192.0.2.1", 4000), ("192.0.2.1", 4002), ("198.51.100.7", 4000)


def test_only_hosts_that_the_signalling_names_are_admitted():
    source = Source({PHONE[0], "203.0.113.5"})
    assert source.admits(PHONE)
    assert source.admits(("203.0.113.5", 9))
    assert not source.admits(STRANGER)


def test_a_phone_on_this_machine_may_speak_from_any_address_of_it():
    source = Source({PHONE[0]}, port_beside_us=4000)
    assert source.admits(("127.0.0.1", 4000))
    assert source.admits(("127.0.0.1", 4001))
    assert not source.admits(("127.0.0.1", 4002))
    assert not source.admits(STRANGER)
    assert not Source({PHONE[0]}).admits(("127.0.0.1", 4000))


@pytest.mark.parametrize(
    ("host", "answer"), [("127.0.0.1", True), ("127.9.9.9", True), ("198.51.100.7", False), ("2001:db8::7", False)]
)
def test_an_address_is_this_machines_when_it_can_be_bound(host, answer):
    assert is_here(host) is answer


def test_the_first_port_that_speaks_is_the_phones_whatever_sdp_said():
    assert Source({PHONE[0]}).takes(SAME_HOST, 7)


def test_a_phone_given_another_port_in_mid_call_is_followed_at_once():
    source = Source({PHONE[0]})
    assert source.takes(PHONE, 7)
    assert source.takes(SAME_HOST, 7)
    assert not source.takes(PHONE, 8)


def test_a_second_stream_from_the_host_is_not_the_phone_while_the_first_one_speaks():
    source = Source({PHONE[0]})
    for _ in range(3 * QUIET_TICKS):
        assert source.takes(PHONE, 7)
        assert not source.takes(SAME_HOST, 8)
        source.tick()


def test_a_second_stream_takes_over_when_the_first_has_fallen_silent():
    source = Source({PHONE[0]})
    assert source.takes(PHONE, 7)
    for _ in range(QUIET_TICKS):
        assert not source.takes(SAME_HOST, 8)
        source.tick()
    assert source.takes(SAME_HOST, 8)
    assert not source.takes(PHONE, 9)


def test_another_stream_from_the_same_port_is_the_same_phone():
    source = Source({PHONE[0]})
    assert source.takes(PHONE, 7)
    assert source.takes(PHONE, 8)
