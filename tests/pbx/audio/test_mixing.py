import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.clock import Clock
from pbx.audio.frame import FRAME_BYTES, SILENCE
from pbx.audio.mixing import MixingBridge, mix
from voices.sound import Sound


class Voice:
    """Somebody who says this, to all but those named."""

    def __init__(self, says, unheard_by=()):
        self.latest, self.unheard_by = says, unheard_by

    def is_heard_by(self, other):
        return other not in self.unheard_by


def tone(amplitude, hertz=400):
    times = numpy.arange(FRAME_BYTES) / 8000
    return Sound((amplitude * numpy.sin(2 * numpy.pi * hertz * times)).astype(numpy.int16)).mulaw()


def samples(frame):
    return Sound.of_mulaw(frame).samples.astype(int)


def mixed(frames):
    """All of them."""
    return mix(frames, [range(len(frames))])[0]


def room(*voices):
    """A bridge with these in it, and its clock one tick on."""
    clock = Clock()
    bridge = MixingBridge(clock)
    for voice in voices:
        bridge.enter(voice)
    clock.beat()
    return bridge, clock


speech = st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES)
spoken = st.lists(st.none() | speech, min_size=1, max_size=5)


@given(spoken)
def test_nobody_hears_himself(said):
    voices = [Voice(frame) for frame in said]
    bridge, _ = room(*voices)
    heard = [bridge.heard_by(voice) for voice in voices]
    for index in range(len(voices)):
        listener = Voice(None)
        without, _ = room(*voices[:index], listener, *voices[index + 1 :])
        assert heard[index] == without.heard_by(listener)


@given(spoken, st.randoms())
def test_the_order_of_entering_makes_no_difference(said, random):
    voices, listener = [Voice(frame) for frame in said], Voice(None)
    bridge, _ = room(*voices, listener)
    shuffled = [*voices, listener]
    random.shuffle(shuffled)
    other, _ = room(*shuffled)
    assert bridge.heard_by(listener) == other.heard_by(listener)


@given(spoken, st.sampled_from([None, SILENCE]))
def test_who_is_silent_changes_nothing(said, silence):
    voices = [Voice(frame) for frame in said]
    bridge, _ = room(*voices)
    with_silence, _ = room(*voices, Voice(silence))
    assert [bridge.heard_by(voice) for voice in voices] == [with_silence.heard_by(voice) for voice in voices]


@given(st.lists(speech, min_size=2, max_size=6))
def test_a_mix_is_the_sum_of_what_was_said_cut_off_where_it_is_too_loud(said):
    exact = numpy.clip(sum(samples(frame) for frame in said), -32768, 32767)
    step = numpy.maximum(abs(exact) // 16, 8)
    assert (abs(samples(mixed(said)) - exact) <= step).all()


def test_two_who_talk_get_each_others_frames_untouched():
    amira, bob = Voice(tone(8000)), Voice(tone(3000))
    bridge, _ = room(amira, bob)
    assert bridge.heard_by(amira) is bob.latest
    assert bridge.heard_by(bob) is amira.latest


def test_a_third_hears_both():
    amira, bob, carol = Voice(tone(8000)), Voice(tone(6000, hertz=900)), Voice(None)
    bridge, _ = room(amira, bob, carol)
    expected = samples(amira.latest) + samples(bob.latest)
    assert numpy.corrcoef(samples(bridge.heard_by(carol)), expected)[0, 1] > 0.999


def test_two_shouting_at_once_are_cut_off_and_do_not_wrap_around():
    shout = tone(32000)
    bridge, _ = room(Voice(shout), Voice(shout), listener := Voice(None))
    heard = samples(bridge.heard_by(listener))
    assert abs(heard).max() == 32124
    assert (numpy.sign(heard) == numpy.sign(samples(shout))).all()


def test_a_muted_voice_is_heard_by_nobody_and_a_coach_by_one():
    agent, caller = Voice(None), Voice(None)
    coach = Voice(tone(5000), unheard_by=(caller,))
    muted = Voice(tone(4000), unheard_by=(agent, caller, coach))
    bridge, _ = room(agent, caller, coach, muted)
    assert bridge.heard_by(agent) is coach.latest
    assert bridge.heard_by(caller) is None
    assert bridge.heard_by(coach) is None


def test_what_is_said_is_heard_in_the_same_tick_and_not_again():
    amira, bob = Voice(tone(8000)), Voice(None)
    bridge, clock = room(amira, bob)
    assert bridge.heard_by(bob) is amira.latest
    amira.latest = None
    clock.beat()
    assert bridge.heard_by(bob) is None


def test_who_left_is_heard_no_more_even_in_that_tick():
    amira, bob, carol = Voice(tone(8000)), Voice(None), Voice(None)
    bridge, clock = room(amira, bob, carol)
    assert bridge.heard_by(carol) is not None
    bridge.leave(amira)
    assert bridge.heard_by(bob) is None
    bridge.leave(amira)
    clock.beat()
    assert bridge.heard_by(bob) is None


def test_a_tone_sounds_for_all_but_whom_it_announces_frame_by_frame_over_what_is_said():
    amira, bob, newcomer = Voice(tone(3000)), Voice(None), Voice(None)
    bridge, clock = room(amira, bob, newcomer)
    first, second = tone(2000, hertz=700), tone(2000, hertz=1100)
    bridge.sound([first, second], but_for=newcomer)
    heard = []
    for _ in range(3):
        clock.beat()
        heard.append((bridge.heard_by(amira), bridge.heard_by(bob), bridge.heard_by(newcomer)))
    said = amira.latest
    assert heard == [(first, mixed([said, first]), said), (second, mixed([said, second]), said), (None, said, said)]


@pytest.mark.parametrize("parties", [3, 10])
def test_everybody_talking_at_once_is_understood(parties):
    voices = [Voice(tone(1500, hertz=300 + 100 * index)) for index in range(parties)]
    bridge, _ = room(*voices)
    for voice in voices:
        others = sum(samples(other.latest) for other in voices if other is not voice)
        assert numpy.corrcoef(samples(bridge.heard_by(voice)), others)[0, 1] > 0.999
