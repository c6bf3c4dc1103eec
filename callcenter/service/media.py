"""`POST /media`: a genuine product key is exchanged for installation media, all that a workstation ever holds.

Media carry two derived keys: the installation key of the epoch in force and one product's confirmation key. The master
secret and the secret behind product keys stay at the centre.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Product
from activation.keys import KeyFault, read_key
from activation.redaction import holds_foreign_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.service.problems import Problem

# Room for a key with any separators and a product's name; also too little to nest JSON deeper than Python can follow.
MOST_BODY_BYTES = 768

FindKey = Callable[[int], KeyRecord | None]
"""Looks a key up by its serial."""

NO_KEY = Problem(HTTPStatus.BAD_REQUEST, "key_missing", "Send the product key as text in `key`, a JSON or form field.")
UNKNOWN_KEY = Problem(HTTPStatus.NOT_FOUND, "key_unknown", "This activation centre has never issued that product key.")
TOO_LARGE = Problem(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_large",
    f"Send a product key and, if need be, a product's short name: at most {MOST_BODY_BYTES} bytes.",
)


def media_blueprint(catalogue: Catalogue, secrets: Secrets, find_key: FindKey) -> Blueprint:
    """The service at `POST /media`: `key` and, for another edition of a volume key's group, `product` (rows 71-73)."""
    blueprint = Blueprint("media", __name__)

    @blueprint.post("/media")
    def media() -> Response:
        request.max_content_length = MOST_BODY_BYTES
        fields = _fields()
        document = write_media(_text(fields, "key"), _text(fields, "product"), catalogue, secrets, find_key)
        answer = document.response() if isinstance(document, Problem) else jsonify(document)
        answer.cache_control.no_store = True  # media hold keys
        return answer

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        return TOO_LARGE.response()

    return blueprint


def write_media(
    key_text: str, product_name: str, catalogue: Catalogue, secrets: Secrets, find_key: FindKey
) -> dict[str, Any] | Problem:
    """The media of this key, for the named product or, where none is named, its own; or why there are none."""
    if not key_text:
        return NO_KEY
    if holds_foreign_key(product_name):
        return _refuse_key(KeyFault.FOREIGN)
    key = read_key(key_text, secrets)
    if isinstance(key, KeyFault):
        return _refuse_key(key)
    # A blocked key gets its media like any other: that it is blocked is found out when is approved.
    record = find_key(key.serial)
    if record is None or record.product not in catalogue.products:
        return UNKNOWN_KEY
    products = _installed_by(record, catalogue)
    product = next((one for one in products if one.name == product_name), None) if product_name else products[0]
    return _document(product, record, catalogue, secrets) if product else _refuse_product(products)


def _fields() -> Mapping[str, object]:
    if not request.is_json:
        return request.form
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _refuse_key(fault: KeyFault) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"key_{fault.name.lower()}", fault.value)


def _refuse_product(products: tuple[Product, ...]) -> Problem:
    names = ", ".join(product.name for product in products)
    sentence = f"That product key installs {names} and nothing else."
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "product_not_served", sentence)


def _installed_by(record: KeyRecord, catalogue: Catalogue) -> tuple[Product, ...]:
    """The key's own product first; a volume key installs every edition of its group, as the desk rules (row 73)."""
    own = catalogue.products[record.product]
    if record.channel not in VOLUME_CHANNELS:
        return (own,)
    siblings = (one for one in catalogue.products.values() if one.group == own.group)
    return (own, *(one for one in siblings if one != own))


def _document(product: Product, record: KeyRecord, catalogue: Catalogue, secrets: Secrets) -> dict[str, Any]:
    header = catalogue.header_for(product.layout, secrets.epoch)
    installation_key = secrets.installation_key(header.epoch)
    return {
        "product": {
            "code": product.code,
            "name": product.name,
            "title": product.title,
            "generation": product.generation,
            "group": product.group.name,
        },
        "channel": record.channel,
        "serial": record.serial,
        "header": asdict(header),
        "keys": {
            "cipher": installation_key.cipher.hex(),
            "tag": installation_key.tag.hex(),
            "confirmation": secrets.confirmation_key(header.epoch, product.code).hex(),
        },
        "grace_days": catalogue.grace_days[record.channel],
        "countries": [asdict(country) for country in catalogue.countries.values()],
        "late_activation_fault": product.late_activation_fault,
    }
