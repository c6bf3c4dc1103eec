"""The requests themselves, against a real server on this machine."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twilio.request_validator import RequestValidator
from yarl import URL

from pbx.codes import CallError
from pbx.document import Answer
from pbx.request import Method, WebhookRequest
from pbx.webhooks import Webhooks, open_webhooks, signed_url

SIGNING_KEY = "12345"
STANDING = {"CallSid": "CA" + "1" * 32, "From": "+14158675310", "CallerName": ""}
TWIML = "<Response><Say>hello</Say></Response>"

Handler = Callable[[web.Request], object]


class Centre:
    """A server that keeps what it was asked and answers with the test's handler."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[web.Request] = []
        self.forms: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.forms.append(dict(await request.post()))
        answer = self.handler(request)
        return await answer if asyncio.iscoroutine(answer) else answer

    def is_signed(self, index: int = -1) -> bool:
        """Whether Twilio's own validator accepts the request as this server saw it."""
        request, form = self.requests[index], self.forms[index]
        url = f"http://{request.headers['Host']}{request.raw_path}"
        return RequestValidator(SIGNING_KEY).validate(url, form, request.headers["X-Twilio-Signature"])


def twiml(_: web.Request) -> web.Response:
    return web.Response(text=TWIML, content_type="text/xml")


def ask(
    handler: Handler = twiml, path: str = "/voice", method: Method = Method.POST, times: int = 1, **parameters: str
) -> tuple[Centre, Answer | CallError]:
    """Ask a centre for TwiML, several times in one call; the last answer, or the error instead of it."""
    return asyncio.run(_ask(Centre(handler), path, method, times, parameters))


async def _ask(centre, path, method, times, parameters):
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", centre.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        return centre, await fetched(path.replace("HOST", f"127.0.0.1:{port}"), port, method, times, parameters)
    finally:
        await runner.cleanup()


async def fetched(path, port, method, times, parameters) -> Answer | CallError:
    url = path if "//" in path else f"http://127.0.0.1:{port}{path}"
    tokens = count(1)
    async with open_webhooks(SIGNING_KEY, lambda: f"token-{next(tokens)}") as webhooks:
        try:
            for _ in range(times):
                answer = await webhooks.fetch(WebhookRequest(url, method, parameters), STANDING)
        except CallError as error:
            return error
    return answer


def refused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# What is sent


def test_a_post_carries_every_parameter_in_its_form_empty_ones_too():
    centre, answer = ask(Digits="12*#", SpeechResult="één & twee")
    assert centre.forms == [{**STANDING, "Digits": "12*#", "SpeechResult": "één & twee"}]
    assert (answer.body.decode(), answer.content_type.partition(";")[0]) == (TWIML, "text/xml")


def test_a_get_carries_them_behind_the_urls_own_query():
    centre, _ = ask(path="/voice?turn=1", method=Method.GET, Digits="5")
    assert dict(centre.requests[0].query) == {"turn": "1", **STANDING, "Digits": "5"}
    assert centre.forms == [{}]


def test_the_document_url_is_without_the_parameters_of_a_get():
    _, answer = ask(path="/voice?turn=1", method=Method.GET, Digits="5")
    assert URL(answer.url).path_qs == "/voice?turn=1"


def test_the_headers_are_twilios():
    centre, _ = ask()
    headers = centre.requests[0].headers
    assert headers["User-Agent"] == "TwilioProxy/1.1"
    assert headers["Accept"] == "*/*"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert headers["I-Twilio-Idempotency-Token"] == "token-1"


def test_each_request_has_its_own_idempotency_token():
    centre, _ = ask(times=2)
    assert [request.headers["I-Twilio-Idempotency-Token"] for request in centre.requests] == ["token-1", "token-2"]


# Signatures


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("path", ["/voice", "/voice?turn=1&key=a%20b%2Fc", "/", "/caf%C3%A9?x=%E2%82%AC", "/voice#rc=2&rp=5xx"])
def test_twilios_validator_accepts_every_request(path, method):
    centre, answer = ask(path=path, method=method, Digits="12 *#", SpeechResult="één & twee=3")
    assert isinstance(answer, Answer)
    assert centre.is_signed()


def test_a_changed_parameter_breaks_the_signature():
    centre, _ = ask(Digits="1")
    centre.forms[0]["Digits"] = "2"
    assert not centre.is_signed()


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://centre.test:8443/voice?x=1", "https://centre.test/voice?x=1"),
        ("http://centre.test:8000/voice?x=1", "http://centre.test:8000/voice?x=1"),
    ],
)
def test_https_signs_without_the_port_and_http_with_it(url, signed):
    assert signed_url(URL(url)) == signed


def test_the_published_example_has_the_published_signature():
    caller = "+14158675310"
    form = {"CallSid": "CA1234567890ABCDE", "Caller": caller, "Digits": "1234", "From": caller, "To": "+18005551212"}
    url = signed_url(URL("https://example.com:443/myapp.php?foo=1&bar=2"))
    assert RequestValidator(SIGNING_KEY).compute_signature(url, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_credentials_in_the_url_become_basic_authorisation_and_are_not_signed():
    centre, answer = ask(path="http://me:secret@HOST/voice")
    assert centre.requests[0].headers["Authorization"] == "Basic bWU6c2VjcmV0"
    assert centre.is_signed()
    assert "secret" not in answer.url


def test_the_fragment_is_not_sent():
    centre, answer = ask(path="/voice#rc=2")
    assert centre.requests[0].raw_path == "/voice"
    assert answer.url.endswith("/voice")


# Cookies


def test_cookies_come_back_as_long_as_the_call_lasts():
    def handler(request: web.Request) -> web.Response:
        response = twiml(request)
        response.set_cookie("turn", "7")
        return response

    centre, _ = ask(handler, times=2)
    assert [dict(request.cookies) for request in centre.requests] == [{}, {"turn": "7"}]


# Redirects


def redirecting(status: int, location: str) -> Handler:
    def handler(request: web.Request) -> web.Response:
        if request.path == "/target/page":
            return twiml(request)
        return web.Response(status=status, headers={"Location": location} if location else {})

    return handler


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_redirect_is_followed_signed_and_without_the_digits(status, method):
    centre, answer = ask(redirecting(status, "/target/page?x=1"), Digits="5")
    request = centre.requests[1]
    sent = {**request.query, **centre.forms[1]}
    assert (request.method, sent) == (method, {"x": "1", **STANDING})
    assert centre.is_signed(1)
    assert URL(answer.url).path_qs == "/target/page?x=1"


def test_ten_redirects_are_followed_and_an_eleventh_is_11215():
    def steps(number: int) -> Handler:
        def handler(request: web.Request) -> web.Response:
            done = int(request.query.get("n", "0"))
            return web.Response(status=302, headers={"Location": f"/voice?n={done + 1}"}) if done < number else twiml(request)

        return handler

    assert isinstance(ask(steps(10))[1], Answer)
    centre, error = ask(steps(11))
    assert (error.code, len(centre.requests)) == (11215, 11)


@pytest.mark.parametrize("location", ["", "ftp://centre.test/x", "http://[", "mailto:x"])
def test_a_redirect_to_nowhere_is_11216(location):
    assert ask(redirecting(302, location))[1].code == 11216


def test_a_redirect_does_not_take_the_credentials_along():
    centre, _ = ask(redirecting(302, "/target/page"), path="http://me:secret@HOST/voice")
    assert "Authorization" not in centre.requests[1].headers


# Failures


def failing(*statuses: int) -> Handler:
    left = iter(statuses)

    def handler(request: web.Request) -> web.Response:
        status = next(left, 200)
        return web.Response(status=status) if status != 200 else twiml(request)

    return handler


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_an_error_status_is_11200_and_not_tried_again(status):
    centre, error = ask(failing(status))
    assert (error.code, len(centre.requests)) == (11200, 1)
    assert str(status) in str(error)


@pytest.mark.parametrize(("rp", "status"), [("5xx", 500), ("4xx", 404), ("all", 503)])
def test_the_retry_policy_tries_again_with_the_same_idempotency_token(rp, status):
    centre, answer = ask(failing(status, status), path=f"/voice#rc=2&rp={rp}")
    assert isinstance(answer, Answer)
    assert {request.headers["I-Twilio-Idempotency-Token"] for request in centre.requests} == {"token-1"}
    assert len(centre.requests) == 3


def test_retries_come_to_an_end():
    centre, error = ask(failing(*[500] * 9), path="/voice#rc=2&rp=5xx")
    assert (error.code, len(centre.requests)) == (11200, 3)


def test_a_refused_connection_is_11202():
    assert ask(path=f"http://127.0.0.1:{refused_port()}/voice")[1].code == 11202


def test_a_connection_refused_at_first_is_retried_with_the_same_token():
    centre, port, tokens = Centre(twiml), refused_port(), count(1)

    async def call() -> Answer:
        server = web.ServerRunner(web.Server(centre.answer), shutdown_timeout=0.1)
        await server.setup()

        async def start_listening(*_: object) -> None:
            await web.TCPSite(server, "127.0.0.1", port).start()

        trace = aiohttp.TraceConfig()
        trace.on_request_exception.append(start_listening)
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            webhooks = Webhooks(session, SIGNING_KEY, lambda: f"token-{next(tokens)}")
            answer = await webhooks.fetch(WebhookRequest(f"http://127.0.0.1:{port}/voice"), STANDING)
        await server.cleanup()
        return answer

    assert asyncio.run(call()).body.decode() == TWIML
    assert centre.requests[0].headers["I-Twilio-Idempotency-Token"] == "token-1"


def test_a_silent_server_is_given_up_after_its_read_timeout():
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(30)

    assert ask(silent, path="/voice#rt=100")[1].code == 11200


def test_the_total_time_is_capped():
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(30)

    assert ask(silent, path="/voice#tt=100")[1].code == 11203


def test_a_dripping_answer_does_not_outlive_the_total_time():
    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    assert ask(dripping, path="/voice#tt=200&rt=100")[1].code == 11203


def test_an_answer_over_64_kilobytes_is_11750():
    assert ask(lambda _: web.Response(text="x" * 65537))[1].code == 11750
    assert isinstance(ask(lambda _: web.Response(text="x" * 65536))[1], Answer)


@pytest.mark.parametrize(
    "url", ["ftp://centre.test/voice", "/voice", "http://", "http://[", "http://centre.test:99999/", "voice"]
)
def test_a_url_that_cannot_be_requested_is_11100(url):
    async def call() -> None:
        async with open_webhooks(SIGNING_KEY, lambda: "token") as webhooks:
            await webhooks.fetch(WebhookRequest(url), STANDING)

    with pytest.raises(CallError) as caught:
        asyncio.run(call())
    assert caught.value.code == 11100


def test_a_host_without_an_address_is_11210():
    assert ask(path="http://nowhere.invalid/voice")[1].code == 11210


@pytest.mark.parametrize("answer", [b"", b"SIP/2.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"])
def test_an_answer_that_breaks_off_or_is_not_http_is_11200(answer):
    async def call() -> CallError:
        async def serve(reader, writer) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, open_webhooks(SIGNING_KEY, lambda: "token") as webhooks:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(CallError) as caught:
                await webhooks.fetch(WebhookRequest(f"http://127.0.0.1:{port}/voice"), STANDING)
        return caught.value

    assert asyncio.run(call()).code == 11200


# TLS


def self_signed(folder: Path) -> ssl.SSLContext:
    """What a server presents that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), today, today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    no_password = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    (folder / "pair.pem").write_bytes(written + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pair.pem")
    return context


def fetch_over_tls(context: ssl.SSLContext | None) -> int:
    """The error of an https request to a server with this context, or with no TLS at all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"no TLS here\r\n\r\n")
        writer.close()

    async def call() -> CallError:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        async with server, open_webhooks(SIGNING_KEY, lambda: "token") as webhooks:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(CallError) as caught:
                await webhooks.fetch(WebhookRequest(f"https://localhost:{port}/voice#rc=0"), STANDING)
        return caught.value

    return asyncio.run(call()).code


def test_a_self_signed_certificate_is_11237(tmp_path):
    assert fetch_over_tls(self_signed(tmp_path)) == 11237


def test_a_server_without_tls_is_11220():
    assert fetch_over_tls(None) == 11220


def test_an_answer_that_is_not_the_gzip_it_claims_is_11200():
    claims = {"Content-Encoding": "gzip", "Content-Type": "text/xml"}
    assert ask(lambda _: web.Response(body=b"not gzip", headers=claims))[1].code == 11200


def test_a_refused_connection_is_11202_however_many_addresses_the_host_has():
    assert ask(path=f"http://localhost:{refused_port()}/voice")[1].code == 11202


def test_an_answer_begun_and_not_finished_is_not_asked_for_again():
    async def stuck(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<Response>")
        await asyncio.sleep(30)
        return response

    centre, error = ask(stuck, path="/voice#rt=100&rp=all&rc=3")
    assert (error.code, len(centre.requests)) == (11200, 1)


def test_credentials_in_the_url_answer_a_server_that_wants_digest():
    def guarded(request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "").startswith("Digest "):
            return twiml(request)
        challenge = 'Digest realm="centre", nonce="abc123", qop="auth", algorithm=SHA-256'
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    centre, answer = ask(guarded, path="http://me:secret@HOST/voice", Digits="1")
    assert answer.body.decode() == TWIML
    assert len(centre.requests) == 2
    assert 'username="me"' in centre.requests[1].headers["Authorization"]
    assert centre.is_signed()


def test_a_refused_login_is_11200():
    def closed(_: web.Request) -> web.Response:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Digest realm="centre", nonce="abc123"'})

    assert ask(closed, path="http://me:wrong@HOST/voice")[1].code == 11200


def test_the_other_published_example_has_the_published_signature():
    caller = "+12349013030"
    form = {"CallSid": "CA1234567890ABCDE", "Caller": caller, "Digits": "1234", "From": caller, "To": "+18005551212"}
    url = signed_url(URL("https://mycompany.com/myapp.php?foo=1&bar=2"))
    assert RequestValidator(SIGNING_KEY).compute_signature(url, form) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
