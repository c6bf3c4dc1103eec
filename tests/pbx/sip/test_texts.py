"""Text messages reach the phones of whoever registered (RFC 3428)."""


def test_a_text_message_comes_to_every_phone_of_a_registered_user_and_to_nobody_else(
    calling, another_phone, register, callee_at, serves
):
    async def scenario(centre, phone):
        async with another_phone(centre) as second, another_phone(centre) as others:
            phone.contact = "<sip:amira-7f3@192.0.2.44:5062;ob>"
            await register(phone, "amira")
            await register(second, "amira")
            await register(others, "ben")
            centre.sip.show_text("amira", "+12065550100", "A 123456, größer")
            for each in (phone, second):
                message = await each.receive()
                assert message.method == "MESSAGE"
                assert message.header("From").startswith("<sip:+12065550100@")
                assert message.header("Content-Type").lower() == "text/plain;charset=utf-8"
                assert message.body == "A 123456, größer"
                assert int(message.header("Content-Length")) == len(message.body.encode())
                callee_at(each).answer(200, to=message)
            assert phone.heard_nothing()
            assert others.heard_nothing()
        await serves(centre)

    calling(scenario)


def test_a_phone_that_shows_no_text_messages_is_asked_once(calling, register, callee_at, serves, caplog):
    async def scenario(centre, phone):
        await register(phone, "amira")
        centre.sip.show_text("amira", "+12065550100", "A 123456")
        callee_at(phone).answer(405, to=await phone.receive())
        await serves(centre)
        assert phone.heard_nothing()
        assert "text message: udp:127.0.0.1" in caplog.text

    calling(scenario)
