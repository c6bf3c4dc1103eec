"""`POST /media`: a genuine product key is exchanged for installation media, all that a workstation ever holds.

Media carry two derived keys: the installation key of the epoch in force and one product's confirmation key. The master
secret and the secret behind product keys stay at the centre. A volume edition also installs without a product key, as the
client of a key-management host (row 60); those media hold no secret at all, for such a computer never calls the centre.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel, Header, Product
from activation.keys import KeyFault, read_key
from activation.redaction import holds_foreign_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.service.problems import TOO_LARGE, Problem, answer_with_problems

# Room for a key with any separators and a product's name; also too little to nest JSON deeper than Python can follow.
MOST_BODY_BYTES = 768

FindKey = Callable[[int], KeyRecord | None]
"""Looks a key up by its serial."""

CLIENT_SETUP_SERIAL = 0
"""What media without a product key give as its serial; keys are numbered from 1."""
NO_SECRETS = {"cipher": "0" * 32, "tag": "0" * 32, "confirmation": "0" * 64}
"""The keys of media without a product key: an installation ID made with them opens nowhere."""

NO_KEY = Problem(
    HTTPStatus.BAD_REQUEST,
    "key_missing",
    "Send the product key as text in `key`, a JSON or form field; a volume edition needs none when `product` names it.",
)
UNKNOWN_KEY = Problem(HTTPStatus.NOT_FOUND, "key_unknown", "This activation centre has never issued that product key.")
TOO_MUCH = Problem(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TOO_LARGE,
    f"Send a product key and, if need be, a product's short name: at most {MOST_BODY_BYTES} bytes.",
)


def _as_it_was() -> bool:
    return False


def media_blueprint(
    catalogue: Catalogue, secrets: Secrets, find_key: FindKey, is_corrected: Callable[[], bool] = _as_it_was
) -> Blueprint:
    """The service at `POST /media`: `key` and, for another edition of a volume key's group, `product` (rows 71-73).

    `is_corrected` says whether media handed out now are free of the late activation fault, as a trainer may want (row 87).
    """
    blueprint = Blueprint("media", __name__)
    answer_with_problems(blueprint, "/media")

    @blueprint.post("/media")
    def media() -> Response:
        request.max_content_length = MOST_BODY_BYTES
        fields = _fields()
        document = write_media(_text(fields, "key"), _text(fields, "product"), catalogue, secrets, find_key)
        if isinstance(document, dict) and is_corrected():
            document["late_activation_fault"] = False
        answer = document.response() if isinstance(document, Problem) else jsonify(document)
        answer.cache_control.no_store = True  # media hold keys
        return answer

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        return TOO_MUCH.response()

    return blueprint


def write_media(
    key_text: str, product_name: str, catalogue: Catalogue, secrets: Secrets, find_key: FindKey
) -> dict[str, Any] | Problem:
    """The media of this key, for the named product or, where none is named, its own; or why there are none."""
    if holds_foreign_key(product_name):
        return _refuse_key(KeyFault.FOREIGN)
    if not key_text:
        return _client_setup(product_name, catalogue, secrets) if product_name else NO_KEY
    key = read_key(key_text, secrets)
    if isinstance(key, KeyFault):
        return _refuse_key(key)
    # A blocked key gets its media like any other: that it is blocked is found out when is approved.
    record = find_key(key.serial)
    if record is None or record.product not in catalogue.products:
        return UNKNOWN_KEY
    products = _installed_by(record, catalogue)
    product = next((one for one in products if one.name == product_name), None) if product_name else products[0]
    if product is None:
        return _refuse_product(products, catalogue.product_named(product_name))
    return _document(product, record, catalogue, secrets)


def _client_setup(product_name: str, catalogue: Catalogue, secrets: Secrets) -> dict[str, Any] | Problem:
    """Media without a product key: a volume edition that looks for a key-management host (row 60)."""
    product = catalogue.product_named(product_name)
    if product is None:
        sentence = "This activation centre has no product of that short name."
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "product_unknown", sentence)
    if Channel.KMS not in product.channels:
        sentence = f"{product.title} cannot be installed without a product key: it is no volume edition of this generation."
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key_needed", sentence)
    header = catalogue.header_for(product.layout, secrets.epoch)
    return _media(product, Channel.KMS, CLIENT_SETUP_SERIAL, header, catalogue) | {"keys": NO_SECRETS}


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


def _refuse_product(products: tuple[Product, ...], wanted: Product | None) -> Problem:
    names, generation = ", ".join(product.name for product in products), products[0].generation
    sentence = f"That product key installs {names} and nothing else."
    if wanted is not None and wanted.generation != generation:
        sentence = (
            f"That is a key of the {products[0].group.title} kind. Keys differ from one generation to the next: {wanted.title} "
            f"needs a key of its own. This one installs {names} and nothing else."
        )
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
    keys = {
        "cipher": installation_key.cipher.hex(),
        "tag": installation_key.tag.hex(),
        "confirmation": secrets.confirmation_key(header.epoch, product.code).hex(),
    }
    return _media(product, record.channel, record.serial, header, catalogue) | {"keys": keys}


def _media(product: Product, channel: Channel, serial: int, header: Header, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that media hold but the keys."""
    return {
        "product": {
            "code": product.code,
            "name": product.name,
            "title": product.title,
            "generation": product.generation,
            "group": product.group.name,
        },
        "channel": channel,
        "serial": serial,
        "header": asdict(header),
        "grace_days": catalogue.grace_days[channel],
        "countries": [asdict(country) for country in catalogue.countries.values()],
        "late_activation_fault": product.late_activation_fault,
        "group_title": product.group.title,
        "covers": product.group.covers,
        "version": catalogue.versions[product.generation],
    }
