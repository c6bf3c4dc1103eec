"""linphonec, Debian's: told what to do by its standard input, speaking and recording WAV files instead of a sound card.

It offers an IPv6 address while it signals from 127.0.0.1, and sends no sound at all until it is told to play something.
"""

import re
import subprocess
import threading
from pathlib import Path

from ear import growing_recording, written
from program import AT_ONCE, Told, end

from voices.sound import Sound, silence

SETTINGS = """
[sip]
sip_port={port}
sip_tcp_port=0
use_rfc2833=1
use_info=0
guess_hostname=1
[rtp]
audio_rtp_port={sound_port}
[video]
enabled=0
capture=0
display=0
automatically_initiate=0
automatically_accept=0
[sound]
echocancellation=0
"""


class LinphonePhone:
    """One linphonec in a home of its own."""

    kind = "linphonec"

    def __init__(self, folder: Path, port: int, sound_port: int) -> None:
        for needed in (".local/share/linphone", ".config/linphone"):  # without them it has no network either
            (folder / needed).mkdir(parents=True)
        (folder / "settings").write_text(SETTINGS.format(port=port, sound_port=sound_port))
        self._folder, self._sayings, self._recordings = folder, 0, 0
        self._told = Told("linphonec")
        self._process = subprocess.Popen(
            [*AT_ONCE, "linphonec", "-c", str(folder / "settings")],
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            bufsize=1,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._order("soundcard use files")
        self._told.wait_for("Using wav files")

    def dial(self, uri: str) -> None:
        self._recordings += 1
        self._order(f"record {self._recording}", f"call {uri}")
        self._told.wait_for("Media streams established")

    def register(self, name: str, registrar: str, password: str) -> None:
        """It says nothing when it is registered."""
        self._order(f"register sip:{name}@{registrar} sip:{registrar} {password}")

    def shows(self, text: str) -> None:
        """A text message has come."""
        self._told.wait_for("Message received from .*: " + re.escape(text))

    def press(self, keys: str) -> None:
        """Takes a good second for every key, after this has returned."""
        self._order(keys)

    def say(self, sound: Sound) -> None:
        self._sayings += 1
        self._order(f"play {written(self._folder / f'said-{self._sayings}.wav', sound)}")

    def hold(self) -> None:
        self._order("pause")
        self._told.wait_for("Pausing call")
        self._told.wait_for("is now paused")

    def resume(self) -> None:
        self._order("resume")
        self._told.wait_for("Media streams established")

    def answer(self) -> None:
        self._told.wait_for("Receiving new incoming call|is contacting you")
        self._order("answer")
        self._told.wait_for("Media streams established")

    def hang_up(self) -> None:
        self._order("terminate")
        self.wait_until_over()

    def wait_until_over(self) -> None:
        self._told.wait_for(r"Call \d+ with .* ended")

    def heard(self) -> Sound:
        return growing_recording(self._recording) if self._recording.exists() else silence(0)

    def close(self) -> None:
        self._order("quit")
        end(self._process)
        self._reader.join(5)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    @property
    def _recording(self) -> Path:
        return self._folder / f"heard-{self._recordings}.wav"

    def _order(self, *lines: str) -> None:
        assert self._process.stdin is not None
        for line in lines:
            self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.add(line)
