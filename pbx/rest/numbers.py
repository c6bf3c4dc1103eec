"""Incoming phone numbers. Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from pbx.call import API_VERSION
from pbx.exchange.numbers import IncomingNumber
from pbx.rest.answers import BAD_PARAMETER, Problem, Resource, not_found, page, rfc2822
from pbx.rest.form import Form, check_callback
from pbx.rest.resource import Resources

FALLBACK_WITHOUT_URL = 21405
LONGEST_NAME_CHARACTERS = 64

WITHOUT_MEANING_HERE: dict[str, Any] = {
    **dict.fromkeys(
        ("address_sid", "bundle_sid", "emergency_address_sid", "identity_sid", "sms_application_sid", "trunk_sid", "type")
    ),
    **dict.fromkeys(("voice_application_sid", "sms_url", "sms_fallback_url"), ""),
    "address_requirements": "none",
    "beta": False,
    "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
    "emergency_address_status": "unregistered",
    "emergency_status": "Inactive",
    "origin": "hosted",
    "sms_fallback_method": "POST",
    "sms_method": "POST",
    "status": "in-use",
    "voice_caller_id_lookup": False,
    "voice_receive_mode": "voice",
}
"""Fields of a number on an exchange that answers no text messages, has no carrier and knows no addresses."""


class IncomingPhoneNumbers(Resources):
    """The numbers of the exchange. What an update changes lasts as long as the exchange runs."""

    def routes(self) -> Sequence[web.RouteDef]:
        one = self.path("/IncomingPhoneNumbers/{number}.json")
        return [
            web.get(self.path("/IncomingPhoneNumbers.json"), self.index),
            web.get(one, self.fetch),
            web.post(one, self.update),
        ]

    async def index(self, request: web.Request) -> web.Response:
        """All of them, or those of a FriendlyName, or whose number has PhoneNumber in it."""
        wanted = request.query
        digits = wanted.get("PhoneNumber", "").lstrip("+ ").replace("*", "")
        shown = [
            self._show(number)
            for number in self.switchboard.numbers
            if wanted.get("FriendlyName", number.friendly_name) == number.friendly_name and digits in number.phone_number
        ]
        return page(request, "incoming_phone_numbers", shown)

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self._number(request)))

    async def update(self, request: web.Request) -> web.Response:
        """Give the number other webhooks or another name; what the form does not name stays as it is."""
        form, number = await Form.of(request), self._number(request)
        voice_url = form.url("VoiceUrl") if form.has("VoiceUrl") else number.voice_url
        fallback = form.optional_url("VoiceFallbackUrl", number.voice_fallback_url)
        if fallback and not voice_url:
            raise Problem(400, FALLBACK_WITHOUT_URL, "VoiceFallbackUrl needs a VoiceUrl")
        status_callback = form.optional_url("StatusCallback", number.status_callback)
        if status_callback:
            check_callback("StatusCallback", status_callback)
        methods = [
            form.method(name, default)
            for name, default in (
                ("VoiceMethod", number.voice_method),
                ("VoiceFallbackMethod", number.voice_fallback_method),
                ("StatusCallbackMethod", number.status_callback_method),
            )
        ]
        number.friendly_name = _friendly_name(form, number)
        number.voice_url, number.voice_fallback_url, number.status_callback = voice_url, fallback, status_callback
        number.voice_method, number.voice_fallback_method, number.status_callback_method = methods
        number.updated_at = self.switchboard.clock()
        return web.json_response(self._show(number))

    def _number(self, request: web.Request) -> IncomingNumber:
        number = self.switchboard.numbers.get(request.match_info["number"])
        if number is None:
            raise not_found(request)
        return number

    def _show(self, number: IncomingNumber) -> Resource:
        return {
            **WITHOUT_MEANING_HERE,
            "sid": number.sid,
            "account_sid": self.switchboard.account_sid,
            "friendly_name": number.friendly_name,
            "phone_number": number.phone_number,
            "voice_url": number.voice_url,
            "voice_method": number.voice_method,
            "voice_fallback_url": number.voice_fallback_url or "",
            "voice_fallback_method": number.voice_fallback_method,
            "status_callback": number.status_callback or "",
            "status_callback_method": number.status_callback_method,
            "date_created": rfc2822(number.created_at),
            "date_updated": rfc2822(number.updated_at),
            "api_version": API_VERSION,
            "uri": self.path(f"/IncomingPhoneNumbers/{number.sid}.json"),
        }


def _friendly_name(form: Form, number: IncomingNumber) -> str:
    name = form.text("FriendlyName").strip() or number.friendly_name
    if len(name) > LONGEST_NAME_CHARACTERS:
        raise Problem(400, BAD_PARAMETER, f"FriendlyName has at most {LONGEST_NAME_CHARACTERS} characters")
    return name
