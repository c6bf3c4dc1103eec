"""The whole REST face as an aiohttp application part: who may ask, what is there, how a refusal looks."""

import hmac
import re
from collections.abc import Container, Sequence

from aiohttp import BasicAuth, web
from aiohttp.typedefs import Handler, Middleware

from pbx.call import API_VERSION
from pbx.debugger import Debugger
from pbx.exchange.switchboard import Switchboard
from pbx.rest.answers import Problem, not_found
from pbx.rest.calls import Calls
from pbx.rest.conferences import Conferences
from pbx.rest.messages import Messages
from pbx.rest.notifications import Notifications
from pbx.rest.numbers import IncomingPhoneNumbers
from pbx.rest.participants import Participants
from pbx.rest.queues import QueueResources
from pbx.rest.recordings import Recordings
from pbx.rest.streams import CallStreams

NOT_AUTHENTICATED = 20003
WRONG_METHOD = 20004
RECORDING = re.compile(rf"/{API_VERSION}/Accounts/AC[0-9a-f]{{32}}/Recordings/RE[0-9a-f]{{32}}(\.wav)?", re.ASCII)


def rest_routes(switchboard: Switchboard, debugger: Debugger) -> Sequence[web.RouteDef]:
    """Every request the REST face answers."""
    simple = (Calls, IncomingPhoneNumbers, QueueResources, Conferences, Participants, Messages, Recordings, CallStreams)
    parts = [*(part(switchboard) for part in simple), Notifications(switchboard, debugger)]
    return [route for part in parts for route in part.routes()]


def authenticated(account_sid: str, auth_token: str, open_paths: Container[str] = frozenset()) -> Middleware:
    """Let only those in who give the account's sid and token by HTTP Basic; say no as Twilio does.

    `open_paths` ask for themselves who comes; the sound of a recording is for whoever knows its address, as with Twilio.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_open = request.path in open_paths or RECORDING.fullmatch(request.path)
        if not is_open and not _is_account(request, account_sid, auth_token):
            refusal = Problem(401, NOT_AUTHENTICATED, "Authenticate").response()
            refusal.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
            return refusal
        try:
            return await handler(request)
        except Problem as problem:
            return problem.response()
        except web.HTTPNotFound:
            return not_found(request).response()
        except web.HTTPMethodNotAllowed:
            return Problem(405, WRONG_METHOD, "Method not allowed").response()

    return check


def _is_account(request: web.Request, account_sid: str, auth_token: str) -> bool:
    try:
        given = BasicAuth.decode(request.headers.get("Authorization", ""))
    except ValueError:
        return False
    login_fits = hmac.compare_digest(given.login.encode(), account_sid.encode())
    return hmac.compare_digest(given.password.encode(), auth_token.encode()) and login_fits
