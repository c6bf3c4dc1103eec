"""Notifications: the debugger's log. Source: https://www.twilio.com/docs/usage/troubleshooting/notifications."""

import hashlib
from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION
from pbx.codes import Level
from pbx.debugger import Alert, Debugger
from pbx.exchange.switchboard import Switchboard
from pbx.rest.answers import Resource, not_found, page, rfc2822
from pbx.rest.resource import Resources

LOG_OF_LEVEL = {Level.ERROR: "0", Level.WARNING: "1"}
"""Twilio's numbers of them."""


class Notifications(Resources):
    """What went wrong in calls lately, the latest first."""

    def __init__(self, switchboard: Switchboard, debugger: Debugger) -> None:
        super().__init__(switchboard)
        self._debugger = debugger

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.get(self.path("/Notifications.json"), self.index),
            web.get(self.path("/Calls/{call}/Notifications.json"), self.index),
            web.get(self.path("/Notifications/{notification}.json"), self.fetch),
        ]

    async def index(self, request: web.Request) -> web.Response:
        """All of them, of one level (Log=0 errors, Log=1 warnings), or of one call."""
        level, call_sid = request.query.get("Log"), request.match_info.get("call")
        shown = [
            self._show(alert)
            for alert in self._debugger
            if level in (None, LOG_OF_LEVEL[alert.level]) and call_sid in (None, alert.call_sid)
        ]
        return page(request, "notifications", shown)

    async def fetch(self, request: web.Request) -> web.Response:
        """One, with what Twilio tells of the request; the exchange keeps neither forms nor answers, so that is empty."""
        sid = request.match_info["notification"]
        alert = next((alert for alert in self._debugger if _sid(alert) == sid), None)
        if alert is None:
            raise not_found(request)
        return web.json_response({**self._show(alert), "request_variables": "", "response_headers": "", "response_body": ""})

    def _show(self, alert: Alert) -> Resource:
        at, sid = rfc2822(alert.at), _sid(alert)
        return {
            "sid": sid,
            "account_sid": self.switchboard.account_sid,
            "call_sid": alert.call_sid,
            "log": LOG_OF_LEVEL[alert.level],
            "error_code": str(alert.code.value),
            "message_date": at,
            "message_text": str(alert),
            "more_info": f"https://www.twilio.com/docs/errors/{alert.code.value}",
            "request_method": None,
            "request_url": alert.url,
            "date_created": at,
            "date_updated": at,
            "api_version": API_VERSION,
            "uri": self.path(f"/Notifications/{sid}.json"),
        }


def _sid(alert: Alert) -> str:
    told = f"{alert.at.isoformat()} {alert.call_sid} {alert}"
    return "NO" + hashlib.sha256(told.encode()).hexdigest()[:32]
