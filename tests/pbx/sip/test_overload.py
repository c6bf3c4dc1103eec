"""Too many calls at once: whoever comes then is told to come again, and nobody else notices (RFC 3261, section 21.5.4)."""

import pytest

pytestmark = pytest.mark.long


@pytest.fixture
def crowd(monkeypatch):
    """Whether as many calls are coming as can be taken."""

    def gather(is_there):
        monkeypatch.setattr("pbx.sip.exchange.MOST_COMING", 0 if is_there else 64)

    return gather


def test_whoever_is_one_too_many_is_told_when_to_come_again_and_copies_are_answered_alike(calling, crowd, serves):
    async def scenario(centre, phone):
        crowd(True)
        invitation = phone.request("INVITE")
        phone.send(invitation)
        answer = await phone.receive()
        assert (answer.code, answer.header("Retry-After")) == (503, "5")
        crowd(False)
        phone.send(invitation)
        assert (await phone.receive()).text == answer.text, "RFC 3261, section 8.2.7"
        phone.to = answer.header("To")
        phone.send(phone.request("ACK"))
        await serves(centre)
        assert phone.heard_nothing()

    calling(scenario)


def test_a_call_that_is_there_goes_on_in_a_crowd(calling, crowd):
    async def scenario(centre, phone):
        _, _, holding = await centre.answered(phone)
        crowd(True)
        assert (await phone.invite()).code == 200, "it offers again"
        assert (await phone.ask("INFO", body="Signal=5", kind="application/dtmf-relay")).code == 200
        assert (await phone.ask("BYE")).code == 200
        assert (holding.keys, holding.hang_ups) == ("5", 1)

    calling(scenario)


def test_a_call_that_was_taken_before_the_crowd_came_is_not_turned_away_when_it_is_sent_again(calling, crowd):
    async def scenario(centre, phone):
        invitation = phone.request("INVITE")
        phone.send(invitation)
        call, _ = await centre.next_call()
        crowd(True)
        phone.send(invitation)
        await call.answer()
        assert (await phone.final()).code == 200

    calling(scenario)
