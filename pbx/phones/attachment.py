"""A phone's end of its connection to the exchange: kept up quietly, and missed by nobody while it is down."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import aiohttp
import msgspec

from pbx.phones import messages
from pbx.phones.messages import Hello, Standing, ToPhone, Trouble

RETRY_SECONDS = 1.0
FAREWELL_SECONDS = 2.0
ATTACH_SECONDS = 2.0
PHONES_PATH = "/phones"
UNTOLD_TROUBLES = 100
"""What is kept to be told when an exchange is there again; the oldest is lost first."""


class Attachment:
    """Tells the exchange how the call stands, whenever that changes and after every reconnection."""

    def __init__(
        self,
        find_exchange: Callable[[], str | None],
        account: tuple[str, str],
        hello: Hello,
        receive: Callable[[ToPhone], None],
    ) -> None:
        """`account` is the sid and the token; `find_exchange` gives the exchange's base URL while one runs."""
        self._find_exchange = find_exchange
        self._authorization = aiohttp.encode_basic_auth(*account)
        self._hello = hello
        self._receive = receive
        self._standing: Standing | None = None
        self._troubles: deque[Trouble] = deque(maxlen=UNTOLD_TROUBLES)
        self._untold = asyncio.Event()
        self._told = asyncio.Event()
        self._attached = asyncio.Event()
        self._tried = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self._attached.is_set()

    def tell(self, standing: Standing) -> None:
        """From now on the call stands like this."""
        self._standing = standing
        self._told.clear()
        self._untold.set()

    def report(self, trouble: Trouble) -> None:
        """The exchange's debugger is to know of this."""
        self._troubles.append(trouble)
        self._told.clear()
        self._untold.set()

    async def open(self) -> None:
        """Begin to keep the connection; returns when it is up or there is no exchange to be had just now."""
        self._keeping = asyncio.create_task(self._keep())
        with suppress(TimeoutError):
            async with asyncio.timeout(ATTACH_SECONDS):
                await self._tried.wait()

    async def close(self) -> None:
        """Tell the last of it, as long as somebody listens, and hang the connection up."""
        if self.is_up and (self._standing is not None or self._troubles):
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await self._told.wait()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self) -> None:
        async with aiohttp.ClientSession(headers={"Authorization": self._authorization}) as session:
            while True:
                # An exchange that is away is no news to the caller; the call goes on alone.
                with suppress(aiohttp.ClientError, OSError, msgspec.MsgspecError):
                    await self._connect(session)
                self._attached.clear()
                self._tried.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self, session: aiohttp.ClientSession) -> None:
        base_url = self._find_exchange()
        if base_url is None:
            return
        async with session.ws_connect(base_url.rstrip("/") + PHONES_PATH) as socket:
            await socket.send_str(messages.write(self._hello).decode())
            self._untold.set()
            self._attached.set()
            self._tried.set()
            telling = asyncio.create_task(self._tell_all(socket))
            try:
                async for frame in socket:
                    self._receive(messages.read_to_phone(frame.data))
            finally:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)

    async def _tell_all(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await self._untold.wait()
            self._untold.clear()
            if self._standing is not None:
                await socket.send_str(messages.write(self._standing).decode())
            while self._troubles:
                await socket.send_str(messages.write(self._troubles[0]).decode())
                self._troubles.popleft()
            self._told.set()
