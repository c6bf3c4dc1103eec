"""The terminal phone: takes what the person types, and waits for it."""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from rich.console import Console

from pbx.call import Call
from pbx.leg import HungUp, Listening
from pbx.terminal.typed import KEYPAD, Act, Keys, Silence, Words

HANG_UP = "!"
BREATH_SECONDS = 1.0
"""A line typed in a pause this short, such as between two rounds of a queue, is meant for the question that follows."""

HELP = """\
  123456         press keys: 0-9 * #, spaces allowed; what one question does not
                 take goes to the next
  one two three  anything else is said aloud
  (empty line)   say nothing and let the line's timer run out
  ! or Ctrl-D    hang up
  ?              this help"""


class TypedLines:
    """Lines in the order they were typed; None stands for the end of the input, after which nothing comes."""

    def __init__(self) -> None:
        self._lines: deque[str | None] = deque()
        self._arrived = asyncio.Event()

    def feed(self, line: str | None) -> None:
        self._lines.append(line)
        self._arrived.set()

    @property
    def hangs_up_next(self) -> bool:
        return bool(self._lines) and self._lines[0] is not None and self._lines[0].strip() == HANG_UP

    async def next(self, for_the_end: bool = True) -> str:
        """The next line, when there is one. Raises HungUp for the line that hangs up and, if asked, at the end of the input.

        Who does not ask for the end waits for ever once it has come.
        """
        await self._arrival()
        line = self._lines[0]
        if line is None and not for_the_end:
            await asyncio.Future()
        if line is None or self.hangs_up_next:
            raise HungUp
        self._lines.popleft()
        return line

    async def watch(self, for_the_end: bool) -> None:
        """Wait for ever; every line stays. Raises HungUp when the next one hangs up or, if asked, the input has ended."""
        await self._arrival()
        if self.hangs_up_next or (for_the_end and self._lines[0] is None):
            raise HungUp
        await asyncio.Future()

    async def _arrival(self) -> None:
        while not self._lines:
            self._arrived.clear()
            await self._arrived.wait()


def read_lines(descriptor: int, encoding: str) -> TypedLines:
    """Lines read from a file descriptor as they come: a terminal, a pipe or a file."""
    lines = TypedLines()
    loop = asyncio.get_running_loop()

    def feed(line: str | None) -> None:
        with suppress(RuntimeError):  # The call is over and its loop closed; nobody misses the line.
            loop.call_soon_threadsafe(lines.feed, line)

    # os.read and not sys.stdin: Python cannot shut down in peace while another thread holds the lock of its stdin.
    threading.Thread(target=_read, args=(descriptor, encoding, feed), daemon=True).start()
    return lines


def _read(descriptor: int, encoding: str, feed: Callable[[str | None], None]) -> None:
    unfinished = b""
    while chunk := _chunk(descriptor):
        *finished, unfinished = (unfinished + chunk).split(b"\n")
        for line in finished:
            feed(line.decode(encoding, "replace"))
    if unfinished:
        feed(unfinished.decode(encoding, "replace"))
    feed(None)


def _chunk(descriptor: int) -> bytes:
    """What was typed, or nothing at the end; a terminal that went away is an end, too."""
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


class TerminalCaller:
    """The person at the terminal."""

    def __init__(self, call: Call, lines: TypedLines, console: Console, prompts: bool) -> None:
        self._call = call
        self._lines = lines
        self._console = console
        self._prompts = prompts

    @property
    def hung_up(self) -> bool:
        return self._lines.hangs_up_next

    def hear(self, words: str) -> None:
        """The witness at the console prints it."""

    def see(self, event: str) -> None:
        """The witness at the console prints it."""

    async def act(self, listening: Listening) -> Act:
        while True:
            act = self._understood((await self._next_line(listening)).strip(), listening)
            if act is not None:
                return act

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> Act | None:
        """Wait in real time; the person may hang up meanwhile, or barge in while the line listens.

        Where it does not, in a queue or a conference, what is typed reaches nobody.
        """
        waiting = self._call.whereabouts is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if listening is not None and (listening.keys or listening.speech):
                    return await self._barge_in(listening, for_the_end=waiting)
                if not waiting or seconds <= BREATH_SECONDS:
                    await self._lines.watch(for_the_end=waiting)
                while True:
                    await self._lines.next()
                    self._remark("You are waiting and nobody listens. Type ! to hang up.")

        return None

    async def _barge_in(self, listening: Listening, for_the_end: bool) -> Act:
        """The first line of keys or words; an empty one makes no sound, so what plays plays on."""
        while True:
            act = self._understood((await self._lines.next(for_the_end)).strip(), listening)
            if isinstance(act, Keys | Words):
                return act

    async def _next_line(self, listening: Listening) -> str:
        if self._prompts:
            kinds = [kind for kind, wanted in (("keys", listening.keys), ("words", listening.speech)) if wanted]
            self._console.print(f"{' or '.join(kinds)}> ", style="bold", end="")
        return await self._lines.next()

    def _understood(self, line: str, listening: Listening) -> Act | None:
        """What the line means as an act, or None when it was about the terminal itself."""
        keys = "".join(line.split())
        if line == "?":
            self._remark(HELP)
        elif not line:
            return Silence()
        elif KEYPAD.issuperset(keys):
            if listening.keys:
                return Keys(keys)
            self._remark("The line listens to words now, not to keys.")
        elif listening.speech:
            return Words(line)
        else:
            self._remark("The line listens to keys now, not to words.")
        return None

    def _remark(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, highlight=False)
