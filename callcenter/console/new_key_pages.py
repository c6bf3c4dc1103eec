"""New volume keys on a call: the first of a product group is issued or retrieved, a second one refused."""

from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from activation.catalogue import Channel
from activation.keys import write_key
from callcenter.console.centre import Transaction, centre
from callcenter.console.claimants import claimant_of
from callcenter.console.desk import call_page
from callcenter.console.my_call import NO_CASE, desk_of, my_handling
from callcenter.console.readout import key_readout
from callcenter.console.reasons import Panel
from callcenter.console.shell import act, done, needs
from callcenter.floor import new_keys
from callcenter.floor.acting import Acting
from callcenter.floor.keys import FloorKey
from callcenter.floor.new_keys import Issuing, KeyOrder
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal

CHOOSE_KIND = Refusal("desk.no_kind", "Choose the product group and the kind of key.", HTTPStatus.UNPROCESSABLE_ENTITY)


def register(blueprint: Blueprint) -> None:
    """Issuing, retrieving and telling a volume key."""
    blueprint.add_url_rule("/calls/<number>/new-key", "call_new_key", needs(Action.ASK_CHANGES)(new_key), methods=["POST"])


def new_key(number: str) -> ResponseReturnValue:
    """Shows the key for reading out, this once, issued now or retrieved; `do=second` asks for one more, which is refused."""
    result = act(lambda tx, acting: _new_key(tx, acting, number))
    if isinstance(result, FloorKey):
        return call_page(number, key_readout(write_key(result.key, centre().secrets), desk_of(number, Panel.NEW_KEY)))
    return done(result, desk_of(number, Panel.NEW_KEY), "")


def _new_key(tx: Transaction, acting: Acting, number: str) -> FloorKey | Refusal:
    case = tx.cases.find(number)
    if case is None:
        return NO_CASE
    handling = my_handling(tx, acting, case)
    if isinstance(handling, Refusal):
        return handling
    claimant = claimant_of(tx, case, request.form.get("contact", ""))
    kind, group = request.form.get("channel", ""), request.form.get("product_group", "")
    if isinstance(claimant, Refusal):
        return claimant
    if kind not in (Channel.MAK, Channel.KMS) or not group:
        return CHOOSE_KIND
    order, here = KeyOrder(claimant, group, Channel(kind)), centre()
    issuing = Issuing(here.catalogue, here.secrets, here.new_id)
    if request.form.get("do") == "second":
        return new_keys.second_key(tx, acting, order, issuing, here.policy)
    key = new_keys.first_key(tx, acting, order, issuing, here.policy)
    if isinstance(key, FloorKey):
        new_keys.key_told(tx, acting, order, key)
    return key
