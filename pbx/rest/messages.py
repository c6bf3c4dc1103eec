"""Text messages. Source: https://www.twilio.com/docs/messaging/api/message-resource."""

from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION
from pbx.exchange.switchboard import Text
from pbx.rest.answers import Problem, Resource, not_found, page, rfc2822
from pbx.rest.form import Form
from pbx.rest.resource import Resources

NO_RECIPIENT, NO_SENDER = 21604, 21603
NO_BODY, BODY_TOO_LONG = 21602, 21617
LONGEST_BODY_CHARACTERS = 1600
SEGMENT_CHARACTERS = 160


class Messages(Resources):
    """The last text messages this exchange has taken; they appear on the phone that has the number."""

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.get(self.path("/Messages.json"), self.index),
            web.post(self.path("/Messages.json"), self.create),
            web.get(self.path("/Messages/{message}.json"), self.fetch),
        ]

    async def index(self, request: web.Request) -> web.Response:
        wanted = request.query
        shown = [
            self._show(text)
            for text in reversed(self.switchboard.texts)
            if wanted.get("To", text.recipient) == text.recipient and wanted.get("From", text.sender) == text.sender
        ]
        return page(request, "messages", shown)

    async def create(self, request: web.Request) -> web.Response:
        form = await Form.of(request)
        recipient, sender = form.required("To", NO_RECIPIENT), form.required("From", NO_SENDER)
        body = form.required("Body", NO_BODY)
        if len(body) > LONGEST_BODY_CHARACTERS:
            raise Problem(400, BODY_TOO_LONG, f"Body has at most {LONGEST_BODY_CHARACTERS} characters")
        callback = form.callback("StatusCallback") if form.has("StatusCallback") else None
        text = self.switchboard.send_text(sender, recipient, body, callback)
        return web.json_response({**self._show(text), "status": "queued", "date_sent": None}, status=201)

    async def fetch(self, request: web.Request) -> web.Response:
        sid = request.match_info["message"]
        text = next((text for text in self.switchboard.texts if text.sid == sid), None)
        if text is None:
            raise not_found(request)
        return web.json_response(self._show(text))

    def _show(self, text: Text) -> Resource:
        sent_at = rfc2822(text.sent_at)
        return {
            "sid": text.sid,
            "account_sid": self.switchboard.account_sid,
            "from": text.sender,
            "to": text.recipient,
            "body": text.body,
            "status": "sent",
            "direction": "outbound-api",
            "num_segments": str(-(-len(text.body) // SEGMENT_CHARACTERS)),
            "num_media": "0",
            "messaging_service_sid": None,
            "error_code": None,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "date_created": sent_at,
            "date_updated": sent_at,
            "date_sent": sent_at,
            "api_version": API_VERSION,
            "uri": self.path(f"/Messages/{text.sid}.json"),
            "subresource_uris": {"media": self.path(f"/Messages/{text.sid}/Media.json")},
        }
