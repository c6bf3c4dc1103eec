"""Media Streams: https://www.twilio.com/docs/voice/media-streams/websocket-messages and .../docs/voice/twiml/stream."""

import base64

import pytest

from pbx.leg import Key
from pbx.request import WebhookRequest

URL = "wss://listener.test/audio"
CALL, ACCOUNT, STREAM = "CA" + "1" * 32, "AC" + "2" * 32, "MZ" + "3" * 32
CLOSES = {20.0: None}
NEVER = {3000.0: None}
SOUND = b"\x7f" * 8000


def connect(inside="", attributes="", then="<Say>after</Say>", url=URL):
    return f'<Connect {attributes}><Stream url="{url}">{inside}</Stream></Connect>{then}'


def start(inside="", attributes="", then="<Pause length='10'/>", url=URL):
    return f'<Start><Stream url="{url}" {attributes}>{inside}</Stream></Start>{then}'


def media(sound):
    return {"event": "media", "streamSid": STREAM, "media": {"payload": base64.b64encode(sound).decode()}}


def mark(name):
    return {"event": "mark", "streamSid": STREAM, "mark": {"name": name}}


CLEAR = {"event": "clear", "streamSid": STREAM}


def sent(call, event):
    return [message for message in call.stage.sockets.sent if message["event"] == event]


def frames(count=1):
    """The phone says and hears so much."""

    def tell(stage):
        for tap in stage.phone.taps:
            for _ in range(count):
                tap.heard(b"\x01" * 160)
                tap.said(b"\x02" * 160)

    return tell


def test_the_first_message_says_which_protocol_is_spoken(play):
    call = play(connect(), says_to_stream=CLOSES)
    assert call.stage.sockets.sent[0] == {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def test_the_second_message_says_whose_sound_comes_and_how_it_is_encoded(play):
    call = play(connect('<Parameter name="case" value="7"/>'), says_to_stream=CLOSES)
    assert call.stage.sockets.sent[1] == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": STREAM,
        "start": {
            "streamSid": STREAM,
            "accountSid": ACCOUNT,
            "callSid": CALL,
            "tracks": ["inbound"],
            "customParameters": {"case": "7"},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        },
    }


def test_what_the_phone_says_is_sent_frame_by_frame(play):
    call = play(connect(), says_to_stream=CLOSES, meanwhile={1.0: frames(), 1.02: frames()})
    first, second = sent(call, "media")
    payload = base64.b64encode(b"\x01" * 160).decode()
    assert first["media"] == {"track": "inbound", "chunk": "1", "timestamp": "1000", "payload": payload}
    assert (second["media"]["chunk"], second["media"]["timestamp"]) == ("2", "1020")
    assert (first["sequenceNumber"], second["sequenceNumber"], first["streamSid"]) == ("2", "3", STREAM)


def test_keys_are_sent_on_a_two_way_stream(play):
    call = play(connect(), {3.0: Key("5")}, says_to_stream=CLOSES)
    assert [message["dtmf"] for message in sent(call, "dtmf")] == [{"track": "inbound_track", "digit": "5"}]


def test_keys_are_not_sent_on_a_one_way_stream(play):
    assert sent(play(start(), {3.0: Key("5")}, says_to_stream=NEVER), "dtmf") == []


def test_connect_blocks_until_the_other_side_closes_and_the_next_verb_runs(play):
    assert play(connect(), says_to_stream=CLOSES).phone.said == [(20.0, "after")]


def test_connect_with_an_action_requests_it_in_the_end(play):
    call = play({"/voice": connect(attributes='action="/done"'), "/done": "<Say>done</Say>"}, says_to_stream=CLOSES)
    assert (call.request("/done").at, call.said) == (20.0, ["done"])


def test_connect_answers_the_call(play):
    assert play(connect(), says_to_stream=CLOSES).phone.events[0] == (0.0, "answer")


def test_a_caller_who_hangs_up_ends_the_stream_with_a_stop(play):
    call = play(connect(), says_to_stream=NEVER, hang_up_at=9)
    assert call.stage.sockets.sent[-1]["stop"] == {"accountSid": ACCOUNT, "callSid": CALL}
    assert (call.ending, call.stage.sockets.closed_at) == ("hung-up-by-caller", 9.0)


def test_a_call_moved_from_outside_ends_the_stream(play):
    move = lambda stage: stage.interpreter.redirect(WebhookRequest("http://centre.test/other"))  # noqa: E731
    call = play({"/voice": connect(), "/other": "<Say>other</Say>"}, says_to_stream=NEVER, meanwhile={9.0: move})
    assert (call.phone.said, call.stage.sockets.closed_at) == ([(9.0, "other")], 9.0)


def test_media_that_comes_back_is_played_to_the_phone_in_order(play):
    call = play(connect(), says_to_stream={1.0: media(SOUND), 1.5: media(SOUND[:160]), 20.0: None})
    assert [event for event in call.phone.events if "emit" in event[1]] == [(1.0, "emit 8000 bytes"), (2.0, "emit 160 bytes")]


def test_what_comes_in_pieces_is_played_without_gaps(play):
    says = {1.0: media(SOUND)} | {1.1 + index / 100: media(SOUND[:160]) for index in range(5)} | {20.0: None}
    call = play(connect(), says_to_stream=says)
    assert [event for event in call.phone.events if "emit" in event[1]] == [(1.0, "emit 8000 bytes"), (2.0, "emit 800 bytes")]


def test_a_mark_comes_back_when_everything_before_it_has_been_played(play):
    call = play(connect(), says_to_stream={1.0: media(SOUND), 1.1: mark("done"), 1.2: media(SOUND), 20.0: None})
    assert [message["mark"] for message in sent(call, "mark")] == [{"name": "done"}]


def test_a_mark_with_nothing_before_it_comes_back_at_once(play):
    call = play(connect(), says_to_stream={1.0: mark("now"), 20.0: None})
    assert len(sent(call, "mark")) == 1


def test_a_clear_stops_what_is_played_and_the_marks_come_back(play):
    says = {1.0: media(SOUND * 10), 1.1: mark("one"), 1.2: media(SOUND), 1.3: mark("two"), 3.0: CLEAR, 20.0: None}
    call = play(connect(), says_to_stream=says)
    assert [message["mark"]["name"] for message in sent(call, "mark")] == ["one", "two"]
    assert [event for event in call.phone.events if "emit" in event[1]] == [(1.0, "emit 80000 bytes")]


def test_after_a_clear_new_media_is_played(play):
    call = play(connect(), says_to_stream={1.0: media(SOUND * 10), 3.0: CLEAR, 4.0: media(SOUND), 20.0: None})
    assert (4.0, "emit 8000 bytes") in call.phone.events


@pytest.mark.parametrize(
    "message",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"event":"media"}',
        '{"event":"media","media":{"payload":"***"}}',
        '{"event":"shout"}',
        "\ud800",
    ],
)
def test_a_message_that_cannot_be_read_ends_the_stream_and_never_the_call(play, warned, message):
    call = play(connect(), says_to_stream={5.0: message, 20.0: None})
    assert (call.phone.said, warned()) == ([(5.0, "after")], [31924])


def test_a_stream_that_cannot_be_connected_is_noted_and_the_call_goes_on(play, warned):
    assert (play(connect()).said, warned()) == (["after"], [31902])


def test_start_copies_the_sound_while_the_document_goes_on(play):
    call = play(start(then="<Say>hello</Say><Pause length='10'/>"), says_to_stream=NEVER, meanwhile={5.0: frames()})
    assert (call.phone.said, len(sent(call, "media"))) == ([(0.0, "hello")], 1)


@pytest.mark.parametrize(
    ("track", "tracks"),
    [
        ("", ["inbound"]),
        ("inbound_track", ["inbound"]),
        ("outbound_track", ["outbound"]),
        ("both_tracks", ["inbound", "outbound"]),
    ],
)
def test_track_says_whose_voice_is_copied(play, track, tracks):
    attributes = f'track="{track}"' if track else ""
    call = play(start(attributes=attributes), says_to_stream=NEVER, meanwhile={5.0: frames()})
    assert sent(call, "start")[0]["start"]["tracks"] == tracks
    assert [message["media"]["track"] for message in sent(call, "media")] == tracks


def test_each_track_counts_its_own_chunks(play):
    call = play(start(attributes='track="both_tracks"'), says_to_stream=NEVER, meanwhile={5.0: frames(2)})
    assert [message["media"]["chunk"] for message in sent(call, "media")] == ["1", "1", "2", "2"]


def test_what_a_one_way_stream_sends_back_does_not_matter(play, warned):
    call = play(start(), says_to_stream={2.0: media(SOUND), 3.0: "rubbish", 3000.0: None})
    assert (warned(), [event for event in call.phone.events if "emit" in event[1]]) == ([], [])


def test_a_copy_ends_with_the_call(play):
    call = play(start(), says_to_stream=NEVER)
    assert (call.stage.sockets.sent[-1]["event"], call.stage.sockets.closed_at) == ("stop", 10.0)


def test_stop_ends_the_stream_of_that_name(play):
    then = "<Pause length='5'/><Stop><Stream name='mine'/></Stop><Pause length='5'/>"
    call = play(start(attributes='name="mine"', then=then), says_to_stream=NEVER)
    assert call.stage.sockets.closed_at == 5.0


def test_stop_of_a_stream_that_does_not_run_is_a_warning(play, warned):
    assert (play("<Stop><Stream name='mine'/></Stop><Say>after</Say>").said, warned()) == (["after"], [12200])


def test_at_most_four_tracks_leave_a_call(play, warned):
    tracks = ("both_tracks", "inbound_track", "both_tracks", "outbound_track")
    many = "".join(start(attributes=f'name="{track}{at}" track="{track}"', then="") for at, track in enumerate(tracks))
    call = play(many + "<Pause/>", says_to_stream=NEVER)
    assert (len(call.stage.sockets.opened), warned()) == (3, [12200])


def test_at_most_four_streams_leave_a_call(play, warned):
    many = "".join(start(attributes=f'name="{index}"', then="") for index in range(5)) + "<Pause/>"
    call = play(many, says_to_stream=NEVER)
    assert (len(call.stage.sockets.opened), warned()) == (4, [12200])


def test_the_query_of_the_url_is_dropped(play, warned):
    call = play(connect(url=URL + "?token=1"), says_to_stream=CLOSES)
    assert (call.stage.sockets.opened, warned()) == ([URL], [12200])


@pytest.mark.parametrize(
    ("url", "code"),
    [("https://x/a", 31922), ("ws://listener.test/a", 31922), ("", 31923), ("wss://[x", 31923), ("audio", 31923)],
)
def test_a_url_that_is_no_wss_is_not_connected_to(play, warned, url, code):
    call = play(connect(url=url), says_to_stream=CLOSES)
    assert (call.stage.sockets.opened, call.said, warned()) == ([], ["after"], [code])


def test_a_stream_to_this_machine_itself_need_not_be_encrypted(play):
    assert play(connect(url="ws://127.0.0.1:9/a"), says_to_stream=CLOSES).stage.sockets.opened == ["ws://127.0.0.1:9/a"]


def test_connect_takes_the_inbound_track_only(play, warned):
    call = play(f'<Connect><Stream url="{URL}" track="both_tracks"/></Connect>', says_to_stream=CLOSES)
    assert (sent(call, "start")[0]["start"]["tracks"], warned()) == (["inbound"], [31941])


def test_a_parameter_has_at_most_500_characters(play, warned):
    call = play(connect(f'<Parameter name="a" value="{"x" * 500}"/>'), says_to_stream=CLOSES)
    assert (sent(call, "start")[0]["start"]["customParameters"], warned()) == ({}, [12200])


@pytest.mark.parametrize("says", [CLOSES, {}])
def test_the_status_callback_is_told_how_the_stream_goes(play, says):
    document = f'<Connect><Stream url="{URL}" name="mine" statusCallback="/stream"/></Connect>'
    call = play({"/voice": document, "/stream": ""}, says_to_stream=says)
    told = [(each.form["StreamEvent"], each.form["StreamName"], each.form["StreamSid"]) for each in call.requests[1:]]
    events = ["stream-started", "stream-stopped"] if says else ["stream-error"]
    assert told == [(event, "mine", STREAM) for event in events]


@pytest.mark.parametrize("verb", ["<Connect><Room>x</Room></Connect>", "<Start><Siprec/></Start>", "<Stop><Siprec/></Stop>"])
def test_what_is_no_stream_is_skipped_with_a_warning(play, warned, verb):
    assert (play(verb + "<Say>after</Say>").said, warned()) == (["after"], [12200])
