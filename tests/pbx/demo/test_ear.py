"""What the demo's caller makes of what was heard, and what the tape keeps."""

import io
import wave

import pytest

from pbx.audio.frame import SILENCE
from pbx.demo.ear import digits_in
from pbx.demo.tape import Tape
from voices.listening import Alternative, Result


def heard(*texts: str) -> list[Result]:
    return [Result(True, (Alternative(text),) if text else ()) for text in texts]


@pytest.mark.parametrize(
    ("texts", "digits"),
    [
        (["four five one"], "451"),
        (["[unk] zero oh nine"], "009"),
        (["four five", "", "one six"], "4516"),
        (["repeat please"], ""),
        ([], ""),
    ],
)
def test_digits_are_taken_from_the_words_of_every_result(texts, digits):
    assert digits_in(heard(*texts)) == digits


def test_the_tape_has_the_line_on_the_left_and_the_caller_on_the_right():
    tape = Tape()
    for _ in range(3):
        tape.wind(b"\x80" * 160, SILENCE)
    with wave.open(io.BytesIO(tape.wav())) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()) == (2, 2, 8000, 480)
        samples = memoryview(file.readframes(480)).cast("h")
    assert set(samples[::2]) == {32124}
    assert set(samples[1::2]) == {0}
