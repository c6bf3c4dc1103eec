"""The editions, filtered by the channel that sells them; some exist under volume agreements only (row 14)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from activation.catalogue import Channel
from callcenter.floor.key_facts import CHANNEL_TITLES
from callcenter.floor.licences import is_volume_only
from callcenter.portal.portal import portal


def register(blueprint: Blueprint) -> None:
    """`/editions`."""
    blueprint.add_url_rule("/editions", "editions", editions)


def editions() -> ResponseReturnValue:
    """Every edition, or those of one channel."""
    named = request.args.get("channel", "")
    chosen = Channel(named) if named in list(Channel) else None
    every = portal().catalogue.products.values()
    shown = tuple(each for each in every if chosen is None or chosen in each.channels)
    return render_template(
        "portal/editions.html", shown=shown, chosen=chosen, channels=CHANNEL_TITLES, is_volume_only=is_volume_only
    )
