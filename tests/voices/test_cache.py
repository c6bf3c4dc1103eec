"""The kept sounds: whole or not at all, bounded, and shared by processes."""

import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from voices.cache import KeptInMemory, SoundCache
from voices.sound import Sound

ROOT = Path(__file__).parents[2]
SECOND_BYTES = 16_000 + 48


def noise(seed: int, seconds: float = 1.0) -> Sound:
    return Sound(numpy.random.default_rng(seed).integers(-9000, 9000, round(seconds * 8000)).astype(numpy.int16))


@pytest.fixture
def cache(tmp_path: Path) -> SoundCache:
    return SoundCache(tmp_path / "voices")


def only_file(cache: SoundCache) -> Path:
    return next(cache.folder.glob("*.wav"))


def test_a_kept_sound_comes_back_sample_for_sample_in_the_next_process(cache):
    cache.put("de hallo", noise(1))
    assert SoundCache(cache.folder).get("de hallo").pcm() == noise(1).pcm()
    assert cache.get("en hallo") is None


def test_a_kept_file_is_a_recording_that_any_player_plays(cache):
    cache.put("de hallo", noise(1))
    assert Sound.of_wav(only_file(cache).read_bytes()).pcm() == noise(1).pcm()


@pytest.mark.parametrize("damage", [lambda file: file[:-1], lambda file: b"", lambda file: file[:5000] + b"\0" + file[5001:]])
def test_a_damaged_file_is_dropped_and_made_again(cache, damage):
    cache.put("de hallo", noise(1))
    path = only_file(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get("de hallo") is None
    assert not path.exists()
    cache.put("de hallo", noise(1))
    assert cache.get("de hallo") is not None


def test_the_folder_never_outgrows_its_bytes_and_keeps_what_was_used_last(tmp_path):
    cache = SoundCache(tmp_path, most_bytes=10 * SECOND_BYTES)
    for number in range(40):
        cache.put(f"sentence {number}", noise(number))
        assert cache.get("sentence 0"), "it was used every time"
        assert cache.size()[1] <= 10 * SECOND_BYTES
    assert cache.get("sentence 39")
    assert cache.get("sentence 1") is None


def test_a_draft_that_a_dead_process_left_goes_too(tmp_path):
    (tmp_path / "left.draft").write_bytes(b"x" * 9 * SECOND_BYTES)
    cache = SoundCache(tmp_path, most_bytes=10 * SECOND_BYTES)
    for number in range(3):
        cache.put(f"sentence {number}", noise(number))
    assert not (tmp_path / "left.draft").exists()


def test_a_sound_larger_than_the_folder_is_not_kept(tmp_path):
    cache = SoundCache(tmp_path, most_bytes=1000)
    cache.put("too long", noise(1))
    assert cache.size() == (0, 0)


def test_a_folder_that_cannot_be_written_keeps_nothing_and_nobody_falls(tmp_path, caplog):
    (tmp_path / "voices").write_text("a file where the folder should be")
    cache = SoundCache(tmp_path / "voices")
    cache.put("de hallo", noise(1))
    assert cache.get("de hallo") is None
    assert cache.size() == (0, 0)
    assert "not kept" in caplog.text


def test_what_another_user_keeps_is_heard_by_who_may_only_read_it(cache, monkeypatch):
    cache.put("de hallo", noise(1))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    assert cache.get("de hallo") is not None
    only_file(cache).write_bytes(b"damaged")
    assert cache.get("de hallo") is None


FILL = """
import sys
from pathlib import Path
import numpy
from voices.cache import SoundCache
from voices.sound import Sound

cache = SoundCache(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(30):
    sound = Sound(numpy.full(1600, number, numpy.int16))
    cache.put(f"sentence {number}", sound)
    kept = cache.get(f"sentence {number}")
    assert kept is not None and kept.pcm() == sound.pcm()
"""


def test_several_processes_fill_one_cache_at_once(tmp_path):
    command = [sys.executable, "-c", FILL, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    processes = [subprocess.Popen(command, **pipes) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("begin\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0] * 4
    cache = SoundCache(tmp_path)
    assert all(set(cache.get(f"sentence {number}").samples) == {number} for number in range(30))
    assert len(list(tmp_path.iterdir())) == 30, "no drafts are left"


def test_the_memory_keeps_what_was_used_last_up_to_its_bytes():
    memory = KeptInMemory(most_bytes=5 * 16_000)
    for number in range(20):
        memory.put(f"sentence {number}", noise(number))
        assert memory.get("sentence 0")
    assert memory.get("sentence 19")
    assert memory.get("sentence 1") is None
    assert sum(memory.get(f"sentence {number}") is not None for number in range(20)) == 5


def test_a_sound_put_twice_counts_once():
    memory = KeptInMemory(most_bytes=2 * 16_000)
    for _ in range(5):
        memory.put("same", noise(1))
    memory.put("other", noise(2))
    assert memory.get("same")
    assert memory.get("other")
