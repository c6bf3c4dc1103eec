"""Webhook requests as Twilio makes them: signed, cookied, retried, redirected, and never longer than 15 seconds.

Sources: https://www.twilio.com/docs/usage/webhooks/webhooks-security and .../webhooks-connection-overrides.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from pbx.codes import CallError, Code
from pbx.connection import ConnectionPolicy, Fault
from pbx.document import AUDIO, Answer
from pbx.request import Method, WebhookRequest

MAXIMUM_REDIRECTS = 10
MAXIMUM_BODY_BYTES = 64 * 1024
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
KEEP_METHOD_STATUSES = {307, 308}
STANDING_HEADERS = {
    "User-Agent": "TwilioProxy/1.1",
    "Accept": "*/*",
    "Accept-Encoding": "gzip",
    "X-Home-Region": "us1",
}


class AttemptFailed(CallError):
    """One attempt failed in a way that a retry policy can name."""

    def __init__(self, code: Code, url: str, detail: str, fault: Fault) -> None:
        super().__init__(code, url, detail)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request on its way to a document: a first one, or one that a redirect asks for."""

    document: URL
    method: Method
    parameters: Mapping[str, str]
    idempotency_token: str

    @property
    def url(self) -> URL:
        """What is requested: no credentials, no fragment; for GET the parameters follow the URL's own query."""
        url = self.document.with_user(None).with_fragment(None)
        if self.method is Method.POST:
            return url
        query = "&".join(filter(None, (url.raw_query_string, urlencode(self.parameters))))
        return URL(f"{url.with_query(None)}?{query}", encoded=True)

    @property
    def form(self) -> Mapping[str, str]:
        return self.parameters if self.method is Method.POST else {}

    def redirected(self, status: int, location: str, standing: Mapping[str, str]) -> "Attempt":
        """The request a redirect asks for; what the caller entered is not sent again. Raises ValueError."""
        method = self.method if status in KEEP_METHOD_STATUSES else Method.GET
        document = self.document.with_user(None).join(URL(location))
        if not location or document.scheme not in {"http", "https"}:
            raise ValueError("there is nothing to follow by http or https")
        return replace(self, document=document, method=method, parameters=standing)


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    content_type: str
    location: str
    body: bytes


class Webhooks:
    """The web as one call sees it; cookies last as long as the call."""

    def __init__(self, session: aiohttp.ClientSession, auth_token: str, new_token: Callable[[], str]) -> None:
        self._session = session
        self._validator = RequestValidator(auth_token)
        self._new_token = new_token

    async def fetch(self, request: WebhookRequest, standing: Mapping[str, str]) -> Answer:
        """The answer to a signed request with the standing parameters and its own. Raises CallError 11100 to 11750."""
        policy = ConnectionPolicy.of(request.url)
        parameters = {**standing, **request.parameters}
        attempt = Attempt(_readable(request.url), request.method, parameters, self._new_token())
        try:
            async with asyncio.timeout(policy.total_seconds):
                return await self._follow(attempt, standing, policy)
        except TimeoutError:
            detail = f"no complete answer within {policy.total_seconds:g} seconds"
            raise CallError(Code.OUT_OF_TIME, request.url, detail) from None

    async def _follow(self, attempt: Attempt, standing: Mapping[str, str], policy: ConnectionPolicy) -> Answer:
        """The answer at the end of the redirects."""
        for _ in range(MAXIMUM_REDIRECTS + 1):
            reply = await self._persist(attempt, policy)
            if reply.status not in REDIRECT_STATUSES:
                document = attempt.document.with_user(None).with_fragment(None)
                return Answer(str(document), reply.content_type, reply.body)
            try:
                attempt = attempt.redirected(reply.status, reply.location, standing)
            except ValueError:
                detail = "its Location is missing or cannot be followed"
                raise CallError(Code.BAD_REDIRECT, str(attempt.document), detail) from None
        detail = f"more than {MAXIMUM_REDIRECTS} redirects"
        raise CallError(Code.TOO_MANY_REDIRECTS, str(attempt.document), detail)

    async def _persist(self, attempt: Attempt, policy: ConnectionPolicy) -> Reply:
        """One attempt and the retries its failure deserves, all with one idempotency token."""
        for _ in range(policy.retries):
            try:
                return await self._send(attempt, policy)
            except AttemptFailed as failure:
                if failure.fault not in policy.retry_on:
                    raise
        return await self._send(attempt, policy)

    async def _send(self, attempt: Attempt, policy: ConnectionPolicy) -> Reply:
        """One HTTP exchange. Raises AttemptFailed, or CallError 11100 or 11750."""
        url = str(attempt.document)
        try:
            return await self._exchange(attempt, policy)
        except aiohttp.ClientConnectorDNSError as error:
            raise AttemptFailed(Code.BAD_HOST, url, "the host has no address", Fault.CONNECT) from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise AttemptFailed(Code.BAD_CERTIFICATE, url, "its certificate is not trusted", Fault.CONNECT) from error
        except aiohttp.ClientSSLError as error:
            raise AttemptFailed(Code.TLS_FAILED, url, "the server does not speak TLS here", Fault.CONNECT) from error
        except aiohttp.ConnectionTimeoutError as error:
            raise AttemptFailed(Code.CONNECTION_TIMED_OUT, url, "nothing answers there", Fault.CONNECT) from error
        except aiohttp.ClientConnectorError as error:
            raise AttemptFailed(_unconnected(error), url, "nothing answers there", Fault.CONNECT) from error
        except aiohttp.SocketTimeoutError as error:
            raise AttemptFailed(Code.RETRIEVAL_FAILED, url, "the server went silent", Fault.READ) from error
        except aiohttp.InvalidURL as error:
            raise CallError(Code.BAD_URL, url, "it cannot be requested") from error
        except aiohttp.ClientError as error:
            raise CallError(Code.RETRIEVAL_FAILED, url, "the answer broke off or was not HTTP") from error

    async def _exchange(self, attempt: Attempt, policy: ConnectionPolicy) -> Reply:
        timeout = aiohttp.ClientTimeout(sock_connect=policy.connect_seconds, sock_read=policy.read_seconds)
        body = urlencode(attempt.form).encode() if attempt.method is Method.POST else None
        headers = self._headers(attempt)
        async with self._session.request(
            attempt.method,
            attempt.url,
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=timeout,
            middlewares=_digest(attempt.document),
        ) as response:
            return await _reply(response, str(attempt.document))

    def _headers(self, attempt: Attempt) -> Mapping[str, str]:
        headers = {
            **STANDING_HEADERS,
            "I-Twilio-Idempotency-Token": attempt.idempotency_token,
            "X-Twilio-Signature": self._validator.compute_signature(signed_url(attempt.url), attempt.form),
        }
        if attempt.method is Method.POST:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if attempt.document.user is not None:
            headers["Authorization"] = aiohttp.encode_basic_auth(attempt.document.user, attempt.document.password or "")
        return headers


def signed_url(url: URL) -> str:
    """The URL as the signature covers it: https drops the port for voice, http keeps it."""
    return str(url.with_port(None) if url.scheme == "https" else url)


def _digest(document: URL) -> Sequence[aiohttp.ClientMiddlewareType]:
    """What answers a server that wants Digest instead of the Basic authorisation it is sent (RFC 7616)."""
    if document.user is None:
        return ()
    return (aiohttp.DigestAuthMiddleware(document.user, document.password or ""),)


def _unconnected(error: aiohttp.ClientConnectorError) -> Code:
    refused = isinstance(error.os_error, ConnectionRefusedError)
    return Code.CONNECTION_REFUSED if refused else Code.CONNECTION_FAILED


def _readable(url: str) -> URL:
    try:
        readable = URL(url)
    except ValueError:
        raise CallError(Code.BAD_URL, url, "it cannot be read") from None
    if readable.scheme not in {"http", "https"} or not readable.host:
        raise CallError(Code.BAD_URL, url, "it must begin with http:// or https:// and name a host")
    return readable


async def _reply(response: aiohttp.ClientResponse, url: str) -> Reply:
    if response.status >= 400:
        fault = Fault.SERVER_ERROR if response.status >= 500 else Fault.CLIENT_ERROR
        raise AttemptFailed(Code.RETRIEVAL_FAILED, url, f"the server answered {response.status}", fault)
    content_type = response.headers.get("Content-Type", "")
    # A recording is not read here: whoever plays it fetches it, and it may be longer than any document.
    body = b"" if content_type.lower().startswith(AUDIO) else await _body(response, url)
    return Reply(response.status, content_type, response.headers.get("Location", ""), body)


async def _body(response: aiohttp.ClientResponse, url: str) -> bytes:
    """What is begun is not asked for again: silence in the middle is no fault that a retry policy names."""
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > MAXIMUM_BODY_BYTES:
                raise CallError(Code.TOO_LARGE, url, f"at most {MAXIMUM_BODY_BYTES // 1024} KB are read")
    except aiohttp.SocketTimeoutError as error:
        raise CallError(Code.RETRIEVAL_FAILED, url, "the server went silent in the middle of its answer") from error
    return bytes(body)


@asynccontextmanager
async def open_webhooks(auth_token: str, new_token: Callable[[], str]) -> AsyncIterator[Webhooks]:
    """The web for one call. Idempotency tokens come from `new_token`."""
    # A jar that takes cookies from bare addresses (127.0.0.1), and a connection for each request: servers close idle
    # ones while a caller thinks, and a request must not be lost to that.
    jar = aiohttp.CookieJar(unsafe=True)
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as session:
        yield Webhooks(session, auth_token, new_token)
