"""The adapter with the real Vosk: a model of random numbers shows how it works, the bundled one what it hears."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy
import pytest

from voices.faults import CannotHear
from voices.listening import CHUNK_BYTES, UNKNOWN, Hearing, Result, ThreadedHearing
from voices.training.graph import GraphCosts
from voices.training.kaldi_files import write_model
from voices.training.network import CEPSTRA, Layer, Network
from voices.training.units import STATES, WORDS
from voices.vosk_listener import VoskListener, listeners
from voices.vosk_models import BUNDLED, examine, model_folders, words_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that hears words in anything loud, and silence in what is not."""
    rng = numpy.random.default_rng(3)
    change = rng.normal(0, 0.1, (STATES, CEPSTRA)).astype(numpy.float32)
    weight = numpy.concatenate((-change, 0 * change, change), axis=1)
    weight[:, ::CEPSTRA] = 0  # the first cepstrum is loudness
    weight[0], weight[0, CEPSTRA] = 0, -0.5
    bias = numpy.zeros(STATES, numpy.float32)
    bias[0] = 40.0
    network = Network((Layer((-2, 0, 2), weight, bias, is_rectified=False),))
    made = tmp_path_factory.mktemp("models") / "random"
    write_model(made, network, GraphCosts())
    return made


def _sound(seconds: float, loudness: float = 3000.0) -> bytes:
    rng = numpy.random.default_rng(5)
    pieces = [rng.normal(0, loudness * rng.uniform(0.2, 1), 1600) for _ in range(round(seconds * 5))]
    return numpy.concatenate(pieces).astype("<i2").tobytes()


def _fed(hearing: Hearing, pcm: bytes) -> list[Result]:
    results = [hearing.feed(pcm[at : at + CHUNK_BYTES]) for at in range(0, len(pcm), CHUNK_BYTES)]
    return [result for result in results if result]


def test_partial_results_come_while_the_caller_speaks_and_alternatives_when_they_finish(folder: Path) -> None:
    hearing = VoskListener(folder).listen()
    partials = _fed(hearing, _sound(2.0))
    assert len(partials) > 1
    assert not any(result.is_final for result in partials)
    final = hearing.finish()
    assert final.is_final
    assert len(final.alternatives) > 1
    assert len({each.text for each in final.alternatives}) == len(final.alternatives)
    scores = [each.score for each in final.alternatives]
    assert scores[0] == 0.0
    assert scores == sorted(scores, reverse=True)
    assert {word for each in final.alternatives for word in each.text.split()} <= {UNKNOWN, *(unit.name for unit in WORDS)}


def test_the_times_of_words_are_those_of_the_sound(folder: Path) -> None:
    """Vosk tells them as if the model's outputs were 30 ms apart; they are 20."""
    hearing = VoskListener(folder).listen()
    _fed(hearing, _sound(2.0))
    words = hearing.finish().alternatives[0].words
    assert words[0].start_seconds < 0.5
    assert 1.7 < words[-1].end_seconds <= 2.0
    assert all(before.end_seconds <= after.start_seconds for before, after in pairwise(words))
    assert all(0 < word.confidence <= 1.0001 for word in words)


def test_a_model_made_for_sixteen_kilohertz_hears_the_telephone_at_its_own_rate(folder: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide"
    shutil.copytree(folder, wide)
    conf = wide / "conf" / "mfcc.conf"
    conf.write_text(conf.read_text().replace("--sample-frequency=8000", "--sample-frequency=16000"))
    assert examine(wide).rate_hz == 16000
    hearing = VoskListener(wide).listen()
    assert _fed(hearing, _sound(2.0)), "partial results"
    words = hearing.finish().alternatives[0].words
    assert words[0].start_seconds < 0.5
    assert 1.7 < words[-1].end_seconds <= 2.01


def test_a_second_utterance_goes_on_in_the_time_of_the_call(folder: Path) -> None:
    hearing = VoskListener(folder).listen()
    _fed(hearing, _sound(1.0))
    hearing.finish()
    _fed(hearing, _sound(1.0))
    words = hearing.finish().alternatives[0].words
    assert words[0].start_seconds >= 1.0
    assert words[-1].end_seconds <= 2.0


def test_a_pause_ends_the_utterance_without_being_asked(folder: Path) -> None:
    results = _fed(VoskListener(folder).listen(), _sound(1.0) + _sound(0.8, loudness=3.0))
    assert [result.is_final for result in results].count(True) == 1


def test_nothing_fed_is_nothing_said(folder: Path) -> None:
    assert VoskListener(folder).listen().finish() == Result(is_final=True, alternatives=())


def test_calls_share_one_model_and_hear_side_by_side(folder: Path) -> None:
    listener, pcm = VoskListener(folder), _sound(1.0)

    async def hear() -> list[Result]:
        with ThreadPoolExecutor(2) as threads:
            hearings = [ThreadedHearing(listener.listen(), threads) for _ in range(4)]
            for at in range(0, len(pcm), CHUNK_BYTES):
                await asyncio.gather(*(hearing.feed(pcm[at : at + CHUNK_BYTES]) for hearing in hearings))
            return await asyncio.gather(*(hearing.finish() for hearing in hearings))

    assert all(result.alternatives for result in asyncio.run(hear()))


def test_a_folder_that_is_no_model_is_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotHear, match="There is no folder"):
        VoskListener(tmp_path / "nowhere").listen()
    with pytest.raises(CannotHear, match=r"holds no Vosk model: it has no final\.mdl"):
        VoskListener(tmp_path).listen()
    for part in ("am/final.mdl", "conf/mfcc.conf"):
        (tmp_path / part).parent.mkdir()
        (tmp_path / part).write_bytes(b"nonsense\n")
    with pytest.raises(CannotHear, match="cannot load the model"):
        VoskListener(tmp_path).listen()


def test_a_model_too_large_for_the_memory_is_refused_before_it_is_loaded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal:       16 kB\nMemAvailable:       8 kB\n")
    monkeypatch.setattr("voices.vosk_models._MEMORY_FILE", memory)
    with pytest.raises(CannotHear, match="GB of memory"):
        examine(folder)


def test_a_folder_tells_its_rate_its_times_and_its_words(folder: Path) -> None:
    examined = examine(folder)
    assert (examined.rate_hz, examined.is_dynamic) == (8000, False)
    assert examined.time_scale == pytest.approx(2 / 3)
    assert words_of(folder) == len(WORDS)


def test_named_models_take_the_place_of_bundled_ones_and_add_languages() -> None:
    assert model_folders({}) == BUNDLED
    named = {"en": Path("/a"), "de": Path("/d")}
    assert model_folders(named) == named
    assert set(listeners({"de": Path("/d")})) == {"en", "de"}
