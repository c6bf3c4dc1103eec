"""What becomes of a computer's activation when its image, product key or media are exchanged (rows 6, 7, 12, 60, 81)."""

from dataclasses import replace
from datetime import datetime

from activation.catalogue import VOLUME_CHANNELS, Channel
from workstation.computer.declined import Declined
from workstation.computer.machine import SETTLED, Machine, State, countdown, happened, is_old, state
from workstation.computer.media import Media
from workstation.computer.traits import Countdown, Image, Kind
from workstation.words import say

MOST_REARMS = 3
"""How often the grace of one installation can be begun anew."""


def put_image(machine: Machine, image: Image, now: datetime) -> Machine | Declined:
    """An OEM computer installed anew from its maker's image or the owner's own; only the former is pre-activated (row 7)."""
    language = machine.language
    if machine.media.channel is not Channel.OEM:
        return Declined(say("model.no_makers_image", language, channel=machine.media.channel))
    if machine.image is image:
        return Declined(say("model.same_image", language, image=say(f"model.image_{image.name}", language)))
    words = say(f"model.put_image_{image.name}", language)
    return _begin_anew(replace(machine, image=image), now, Kind.IMAGE, words)


def install_key(machine: Machine, media: Media, key: str, now: datetime) -> Machine | Declined:
    """The computer with another product key, and the media that belong to it, over the installation it has (row 81).

    A countdown that runs goes on; an activation is gone with its key, and the grace of the new one begins.
    """
    language, before = machine.language, machine.media
    if media.product.code != before.product.code:
        wanted, has = media.product.title, before.product.title
        return Declined(say("model.other_product", language, wanted=wanted, has=has))
    if Channel.VOLUME in {media.channel, before.channel}:
        return Declined(say("model.needs_reimaging", language))
    if media.serial == before.serial:
        return happened(machine, now, Kind.KEY, say("model.same_key", language))
    if media.channel is before.channel:
        words, set_up_as = say("model.new_key", language), machine.set_up_as
    else:
        words = say("model.converted", language, before=before.channel.upper(), after=media.channel.upper())
        set_up_as = before.channel
    changed = replace(machine, media=media, key=key, set_up_as=set_up_as)
    if state(machine, now) in SETTLED or machine.drifted_at:
        return _begin_anew(changed, now, Kind.KEY, words)
    changed = replace(changed, grace=countdown(machine), hosted=None)
    return happened(changed, now, Kind.KEY, words, countdown(changed).end)


def reimage(machine: Machine, media: Media, key: str, now: datetime) -> Machine | Declined:
    """A retail or OEM computer installed anew with volume media; its record, hardware and history stay (row 12)."""
    language, before = machine.language, machine.media.channel
    if before in {*VOLUME_CHANNELS, Channel.VOLUME}:
        return Declined(say("model.volume_already", language))
    if media.channel not in {*VOLUME_CHANNELS, Channel.VOLUME}:
        return Declined(say("model.no_volume_media", language, channel=media.channel))
    if not machine.base_licence:
        return Declined(say("model.no_base_licence", language))
    words = say("model.reimaged", language, product=media.product.title, before=before, after=media.channel)
    anew = replace(machine, media=media, key=key, image=Image.VOLUME, set_up_as=before, installed_at=now, rearms=0)
    return _begin_anew(anew, now, Kind.IMAGE, words)


def uninstall_key(machine: Machine, now: datetime) -> Machine | Declined:
    """The computer without its key; an activation is gone with it, and no grace begins."""
    language = machine.language
    if not machine.key:
        return Declined(say("internet.no_key", language, name=machine.name))
    was_settled = state(machine, now) in SETTLED or machine.drifted_at
    grace = Countdown(now, 0) if was_settled else countdown(machine)
    bare = replace(machine, key="", activation=None, drifted_at=None, hosted=None, grace=grace)
    return happened(bare, now, Kind.KEY, say("slmgr.uninstalled", language))


def rearms_left(machine: Machine) -> int:
    """How often the grace can still be begun anew."""
    return max(0, MOST_REARMS - machine.rearms)


def rearm(machine: Machine, now: datetime) -> Machine | Declined:
    """The computer unactivated, with its grace begun anew: three times for an installation, on the newer generations only."""
    language = machine.language
    if is_old(machine) or state(machine, now) is State.PRE_ACTIVATED:
        return Declined(say("model.no_rearm", language))
    if not rearms_left(machine):
        return Declined(say("model.no_rearm_left", language, most=MOST_REARMS))
    counted = replace(machine, rearms=machine.rearms + 1)
    return _begin_anew(counted, now, Kind.REARMED, say("model.rearmed", language, left=rearms_left(counted)))


def _begin_anew(machine: Machine, now: datetime, kind: Kind, words: str) -> Machine:
    """The computer unactivated from this moment on, with a grace of its own where it needs one."""
    grace = Countdown(now, machine.media.grace_days)
    bare = replace(machine, activation=None, drifted_at=None, hosted=None, grace=grace)
    return happened(bare, now, kind, words, None if state(bare, now) in SETTLED else grace.end)
