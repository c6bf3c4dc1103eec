"""Phones that go without a goodbye, as in a power cut, and those that only have nothing to say."""

import asyncio
import gc
import weakref

import pytest

from pbx.rtp.ports import WONDERING_TICKS

TIMER_F_SECONDS = 33


def _silence(call):
    """Fifteen seconds of a call in which nothing comes."""
    for _ in range(WONDERING_TICKS):
        call.port.take()


def test_a_phone_that_sends_nothing_and_answers_no_question_is_gone(calling):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        _silence(call)
        assert (await phone.receive()).method == "OPTIONS"
        assert holding.hang_ups == 0
        centre.jump(TIMER_F_SECONDS)
        await asyncio.wait_for(holding.gone.wait(), 5)
        assert (holding.hang_ups, call.is_over) == (1, True)

    calling(scenario)


def test_a_phone_that_has_been_started_again_and_knows_of_no_call_is_gone_at_once(calling, callee_at):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        _silence(call)
        callee_at(phone).answer(481, to=await phone.receive())
        await asyncio.wait_for(holding.gone.wait(), 5)
        assert holding.hang_ups == 1

    calling(scenario)


@pytest.mark.parametrize("code", [200, 405, 501])
def test_a_phone_that_is_silent_and_answers_whatever_it_answers_stays(calling, callee_at, serves, code):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        for _ in range(3):
            _silence(call)
            question = await phone.receive()
            assert question.method == "OPTIONS"
            callee_at(phone).answer(code, to=question)
        await serves(centre)
        centre.jump(TIMER_F_SECONDS)
        await asyncio.sleep(0.05)
        assert holding.hang_ups == 0
        assert (await phone.ask("BYE")).code == 200

    calling(scenario)


@pytest.mark.parametrize("who", ["phone", "exchange"])
def test_a_call_that_is_over_is_not_kept_until_the_last_copy_of_a_goodbye_may_have_come(calling, callee_at, who):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        if who == "phone":
            assert (await phone.ask("BYE")).code == 200
        else:
            call.hang_up()
            callee_at(phone).answer(200, to=await phone.receive())
        assert (await phone.ask("OPTIONS")).code == 481
        gone = weakref.ref(call)
        del call, holding
        gc.collect()
        assert gone() is None

    calling(scenario)


def test_a_phone_that_is_heard_is_asked_nothing(calling):
    async def scenario(centre, phone):
        _, call, _ = await centre.answered(phone)
        port = call.port
        for second in range(40):
            for _ in range(50):
                port.take()
            assert port.takes(("127.0.0.1", 40000), 7), second
        assert phone.heard_nothing()

    calling(scenario)
