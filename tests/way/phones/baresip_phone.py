"""baresip, Debian's, without a screen: told what to do over its control socket, speaking and recording WAV files.

It never uses 127.0.0.1 for itself, but calls there from another address of the machine, which any machine with a network has.
"""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from ear import PATIENCE_SECONDS, growing_recording, spoken_then_silence
from program import AT_ONCE, Told, end

from voices.sound import Sound, joined, silence

KEY_SECONDS = 0.22
"""From one key to the next: baresip holds each for about 100 ms."""
CONFIG = """
poll_method epoll
sip_listen 0.0.0.0:0
call_local_timeout 120
call_max_calls 4
audio_player aufile,{folder}/played.wav
audio_source aufile,{folder}/silence.wav
audio_alert aufile,{folder}/alert.wav
ausrc_srate 8000
auplay_srate 8000
jitter_buffer_delay 0-1
module_path {modules}
module stdio.so
module g711.so
module aufile.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{port}
snd_path {folder}/
"""


class BaresipPhone:
    """One baresip with one account, in a folder of its own."""

    kind = "baresip"

    def __init__(self, folder: Path, control_port: int, account: str = "<sip:alice@127.0.0.1>;regint=0") -> None:
        folder.mkdir(parents=True)
        (folder / "silence.wav").write_bytes(spoken_then_silence(silence(0)))
        (folder / "config").write_text(CONFIG.format(folder=folder, port=control_port, modules=_modules()))
        (folder / "accounts").write_text(f"{account};audio_codecs=PCMU,PCMA\n")
        self._folder, self._sayings = folder, 0
        self._told = Told("baresip")
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [*AT_ONCE, "baresip", "-f", str(folder)], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, cwd=folder
        )
        self._control = self._connected(control_port)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def dial(self, uri: str) -> None:
        self._order("dial", uri)
        self.wait_for("CALL_ESTABLISHED")

    def press(self, keys: str) -> None:
        for key in keys:
            self._order("sndcode", key)
            time.sleep(KEY_SECONDS)

    def say(self, sound: Sound) -> None:
        """Speaks, and is silent from then on; returns at once."""
        self._sayings += 1
        path = self._folder / f"said-{self._sayings}.wav"
        path.write_bytes(spoken_then_silence(sound))
        self._order("ausrc", f"aufile,{path}")

    def hold(self) -> None:
        self._order("hold")

    def resume(self) -> None:
        self._order("resume")

    def answer(self) -> None:
        """Takes the call that comes in."""
        self.wait_for("CALL_INCOMING")
        self._order("accept")
        self.wait_for("CALL_ESTABLISHED")

    def hang_up(self) -> None:
        self._order("hangup")
        self.wait_for("CALL_CLOSED")

    def wait_until_over(self) -> None:
        self.wait_for("CALL_CLOSED")

    def heard(self) -> Sound:
        """Everything that calls have brought to its ear so far; it begins another file when a held call is taken up."""
        recordings = sorted(self._folder.glob("dump-*-dec.wav"))
        return joined(growing_recording(recording) for recording in recordings)

    def wait_for(self, event: str) -> None:
        """The next event of this kind after the last one waited for."""
        self._told.wait_for(rf"(?m)^{event}$")

    def close(self) -> None:
        self._order("quit")
        end(self._process)
        self._reader.join(5)
        self._control.close()
        self._log.close()

    def _order(self, command: str, what: str = "") -> None:
        message = json.dumps({"command": command, "params": what}).encode()
        self._control.sendall(b"%d:%s," % (len(message), message))

    def _connected(self, port: int) -> socket.socket:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                return socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise AssertionError(f"baresip did not come up:\n{(self._folder / 'log').read_text(errors='replace')}")

    def _read(self) -> None:
        """Takes apart what it tells: netstrings of JSON."""
        pending = b""
        while arrived := self._control.recv(65536):
            pending += arrived
            while b":" in pending:
                length, _, rest = pending.partition(b":")
                if len(rest) <= int(length):
                    break
                self._take(json.loads(rest[: int(length)]))
                pending = rest[int(length) + 1 :]

    def _take(self, message: Mapping[str, str]) -> None:
        if message.get("event"):
            self._told.add(f"{message['type']}\n")


def _modules() -> str:
    """Where Debian keeps its modules: beside the program, in a folder that names the processor on newer releases."""
    program = shutil.which("baresip")
    assert program is not None
    library = Path(program).parent.parent / "lib"
    return str(next(iter([*library.glob("baresip/modules"), *library.glob("*/baresip/modules")])))
