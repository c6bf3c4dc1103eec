"""What a customer holds: licences of all three channels (row 4), and computers with a volume edition (rows 13, 83)."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import Product
from callcenter.floor import licences
from callcenter.floor.customers import Right
from callcenter.floor.key_facts import KeyFacts
from callcenter.floor.keys import FloorKey, read_serial
from callcenter.floor.licences import NewClient
from callcenter.floor.portal_records import Transaction, VolumeClient
from callcenter.floor.refusals import Refusal
from callcenter.portal.closed import closed
from callcenter.portal.portal import portal
from callcenter.portal.shell import Licensing, act, done, look, of_organisation, standing_in


@dataclass(frozen=True, slots=True)
class Computer:
    """A registered computer; `elsewhere` is the agreement its key belongs to, when that is another one (row 83)."""

    client: VolumeClient
    edition: str
    key: KeyFacts
    base: KeyFacts | None
    elsewhere: str

    @property
    def warning(self) -> str:
        """What is missing (row 13); empty when nothing is."""
        return "" if self.base else licences.UPGRADES_ONLY


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything an agreement's customer holds."""

    licensing: Licensing
    keys: tuple[KeyFacts, ...]
    """The agreement's own volume keys."""
    usable: tuple[KeyFacts, ...]
    """Volume keys for clients, those of the organisation's other agreements among them."""
    bases: tuple[KeyFacts, ...]
    free: tuple[KeyFacts, ...]
    """Base licences no computer builds on yet."""
    computers: tuple[Computer, ...]
    editions: tuple[Product, ...]


def register(blueprint: Blueprint) -> None:
    """The page and its two forms."""
    path = "/agreements/<number>/licences"
    blueprint.add_url_rule(path, "licences", holdings)
    blueprint.add_url_rule(f"{path}/base", "keep_base", keep_base, methods=["POST"])
    blueprint.add_url_rule(f"{path}/computers", "register_client", register_client, methods=["POST"])


def holdings(number: str) -> ResponseReturnValue:
    """What there is."""
    return _page(number)


def keep_base(number: str) -> ResponseReturnValue:
    """Registers a base licence by its product key, which is not repeated anywhere."""
    text, here = request.form.get("key", ""), portal()
    kept = act(number, lambda tx, acting: licences.keep_base(tx, acting, text, here.secrets))
    if isinstance(kept, Refusal):
        return _page(number, base=kept)
    return done(kept, url_for("portal.licences", number=number), "The licence is registered. A computer may build on it.")


def register_client(number: str) -> ResponseReturnValue:
    """Registers a computer; without a base licence with a warning."""
    given, here = request.form, portal()
    base = given.get("base", type=read_serial)
    wanted = NewClient(given.get("name", ""), given.get("product", ""), given.get("serial", type=read_serial), base)
    kept = act(number, lambda tx, acting: licences.register_client(tx, acting, wanted, here.catalogue, here.new_id))
    if isinstance(kept, Refusal):
        return _page(number, computer=kept)
    told = f"{kept.name} is registered. {'' if kept.base_serial is not None else licences.UPGRADES_ONLY}".strip()
    return done(kept, url_for("portal.licences", number=number), told)


def _page(number: str, base: Refusal | None = None, computer: Refusal | None = None) -> ResponseReturnValue:
    shown = look(lambda tx: _holdings(tx, number))
    if isinstance(shown, Refusal):
        return closed(number, shown)
    page = render_template(
        "portal/licences.html",
        page=shown,
        licensing=shown.licensing,
        may_keep=shown.licensing.may(Right.FETCH_KEYS),
        base_refusal=base,
        computer_refusal=computer,
        typed=request.form if computer else {},
    )
    refusal = base or computer
    return page, refusal.status if refusal else HTTPStatus.OK


def _holdings(tx: Transaction, number: str) -> Holdings | Refusal:
    licensing = standing_in(tx, number)
    if isinstance(licensing, Refusal):
        return licensing
    bases = tuple(filter(None, (_facts(tx, each.serial) for each in tx.licences.bases(number))))
    clients = tx.licences.clients(number)
    taken = {client.base_serial for client in clients}
    return Holdings(
        licensing=licensing,
        keys=tuple(map(portal().facts, tx.keys.of_agreement(number))),
        usable=_usable(tx, licensing),
        bases=bases,
        free=tuple(base for base in bases if base.serial not in taken),
        computers=tuple(_computer(tx, client) for client in clients),
        editions=tuple(filter(licences.is_volume_client, portal().catalogue.products.values())),
    )


def _usable(tx: Transaction, licensing: Licensing) -> tuple[KeyFacts, ...]:
    """The agreement's own first, then those of the same organisation's other agreements."""
    found = (key for each in of_organisation(tx, licensing) for key in tx.keys.of_agreement(each.agreement.number))
    return tuple(portal().facts(key) for key in found if _serves_clients(key))


def _serves_clients(key: FloorKey) -> bool:
    return any(
        licences.serves(key, each, portal().catalogue)
        for each in portal().catalogue.products.values()
        if licences.is_volume_client(each)
    )


def _computer(tx: Transaction, client: VolumeClient) -> Computer:
    key = _facts(tx, client.serial)
    assert key is not None  # the database keeps no computer without its key
    return Computer(
        client,
        portal().catalogue.products[client.product].title,
        key,
        _facts(tx, client.base_serial) if client.base_serial is not None else None,
        key.agreement if key.agreement and key.is_elsewhere(client.agreement) else "",
    )


def _facts(tx: Transaction, serial: int) -> KeyFacts | None:
    key = tx.keys.get(serial)
    return portal().facts(key) if key else None
