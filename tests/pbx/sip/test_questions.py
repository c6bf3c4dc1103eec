"""What is no call: keys in INFO, OPTIONS, methods that nobody does here, and a phone that only keeps its way open."""

import asyncio

import pytest

RELAY = "application/dtmf-relay"


def test_options_say_what_the_exchange_does(calling):
    async def scenario(centre, phone):
        answer = await phone.ask("OPTIONS")
        assert answer.code == 200
        assert {"INVITE", "BYE", "CANCEL", "INFO", "REGISTER"} <= set(answer.header("Allow").split(", "))
        assert answer.header("Accept") == "application/sdp"

    calling(scenario)


@pytest.mark.parametrize("method", ["SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE", "REFER", "UPDATE", "PRACK"])
def test_a_method_that_others_do_is_not_allowed(calling, method):
    async def scenario(centre, phone):
        outside = await phone.ask(method)
        assert (outside.code, "INVITE" in outside.header("Allow")) == (405, True)
        _, _, holding = await centre.answered(phone)
        assert (await phone.ask(method)).code == 405
        assert holding.hang_ups == 0

    calling(scenario)


def test_a_method_that_nobody_knows_is_not_implemented(calling):
    async def scenario(centre, phone):
        assert (await phone.ask("DANCE")).code == 501
        await centre.answered(phone)
        assert (await phone.ask("DANCE")).code == 501

    calling(scenario)


@pytest.mark.parametrize("method", ["BYE", "INFO"])
def test_what_belongs_to_a_call_that_is_not_there_is_told_so(calling, method):
    async def scenario(centre, phone):
        assert (await phone.ask(method)).code == 481

    calling(scenario)


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        (RELAY, "Signal=5\r\nDuration=160\r\n", "5"),
        (RELAY, "Signal= *\r\nDuration= 250\r\n", "*"),
        (RELAY, "signal=11\r\n", "#"),
        (RELAY, "Duration=160\r\nSignal=0", "0"),
        ("application/dtmf", "7", "7"),
        ("application/dtmf", "#\r\n", "#"),
        (RELAY, "Signal=flash\r\n", ""),
        (RELAY, "Signal=A\r\n", ""),
        ("application/dtmf", "12", ""),
    ],
)
def test_a_key_told_by_info_is_pressed(calling, kind, body, key):
    async def scenario(centre, phone):
        _, _, holding = await centre.answered(phone)
        assert (await phone.ask("INFO", body=body, kind=kind)).code == 200
        assert holding.keys == key

    calling(scenario)


def test_an_info_of_another_kind_is_refused_by_name_and_one_of_nothing_taken(calling):
    async def scenario(centre, phone):
        await centre.answered(phone)
        answer = await phone.ask("INFO", body="<x/>", kind="application/media_control+xml")
        assert (answer.code, answer.header("Accept")) == (415, "application/dtmf-relay, application/dtmf")
        assert (await phone.ask("INFO")).code == 200

    calling(scenario)


def test_a_key_told_two_ways_counts_once(calling):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        for key in "112":
            call.port.on_key(key)
            await phone.ask("INFO", body=f"Signal={key}\r\n", kind=RELAY)
        assert holding.keys == "112"

    calling(scenario)


def test_a_phone_that_tells_its_keys_by_info_first_is_believed_in_that_way(calling):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        for key in "34":
            await phone.ask("INFO", body=f"Signal={key}\r\n", kind=RELAY)
            call.port.on_key(key)
        assert holding.keys == "34"

    calling(scenario)


def test_a_key_sent_again_by_the_network_counts_once(calling):
    async def scenario(centre, phone):
        _, _, holding = await centre.answered(phone)
        info = phone.request("INFO", body="Signal=5\r\n", kind=RELAY)
        for _ in range(3):
            phone.send(info)
            assert (await phone.final()).code == 200
        assert holding.keys == "5"

    calling(scenario)


def test_a_request_older_than_the_last_one_is_out_of_order(calling):
    async def scenario(centre, phone):
        _, _, holding = await centre.answered(phone)
        await phone.ask("OPTIONS")
        phone.sequence -= 2
        assert (await phone.ask("INFO", body="Signal=5\r\n", kind=RELAY)).code == 500
        assert holding.keys == ""

    calling(scenario)


def test_empty_datagrams_and_empty_lines_are_passed_over(calling, serves):
    async def scenario(centre, phone):
        for nothing in (b"", b"\r\n", b"\r\n\r\n", b"\0\0\0\0", b"jaK"):
            phone.send(nothing)
        await serves(centre)
        assert phone.heard_nothing()

    calling(scenario)


def test_an_ack_and_a_spoiled_response_are_never_answered(calling, serves):
    async def scenario(centre, phone):
        phone.send(phone.request("ACK", "Content-Length: x"))
        phone.send(phone.request("OPTIONS").replace(phone.request("OPTIONS").split("\r\n")[0], "SIP/2.0200 OK"))
        await serves(centre)
        assert phone.heard_nothing()

    calling(scenario)


def test_an_answer_goes_back_where_its_request_came_from_whatever_its_via_says(calling):
    async def scenario(centre, phone):
        via = f"127.0.0.1:{phone.port}"
        for claim in ("192.0.2.7:5060", "127.0.0.1:99999", "127.0.0.1", "127.0.0.1:1;received=192.0.2.9"):
            phone.send(phone.request("OPTIONS").replace(f"{via};branch", f"{claim};branch").replace(";rport", ""))
            assert (await phone.final()).code == 200

    calling(scenario)


def test_a_flood_of_broken_messages_is_logged_in_few_lines(calling, serves, caplog):
    async def scenario(centre, phone):
        for number in range(500):
            phone.send(f"INVITE sip:activate@127.0.0.1 SIP/2.0\r\nBroken {number}\r\n\r\n")
            await asyncio.sleep(0)
        await serves(centre)
        assert len(caplog.records) <= 20

    calling(scenario)
