"""The whole REST face as an aiohttp application part: who may ask, what is there, how a refusal looks."""

import hmac
from collections.abc import Sequence

from aiohttp import BasicAuth, web
from aiohttp.typedefs import Handler, Middleware

from pbx.rest.answers import Problem, not_found
from pbx.rest.calls import Calls
from pbx.rest.conferences import Conferences
from pbx.rest.messages import Messages
from pbx.rest.participants import Participants
from pbx.rest.queues import QueueResources
from pbx.switchboard import Switchboard

NOT_AUTHENTICATED = 20003
WRONG_METHOD = 20004


def rest_routes(switchboard: Switchboard) -> Sequence[web.RouteDef]:
    """Every request the REST face answers."""
    parts = (Calls, QueueResources, Conferences, Participants, Messages)
    return [route for part in parts for route in part(switchboard).routes()]


def authenticated(account_sid: str, auth_token: str) -> Middleware:
    """Let only those in who give the account's sid and token by HTTP Basic; say no as Twilio does."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_account(request, account_sid, auth_token):
            return Problem(401, NOT_AUTHENTICATED, "Authenticate").response()
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
