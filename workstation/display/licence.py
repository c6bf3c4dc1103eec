"""What the licence manager says of a computer: short, at length, until when (requirements C, the slmgr-like command set)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from workstation.computer.machine import SETTLED, Machine, State, countdown, installation_id, product_id, state
from workstation.setup.relicensing import rearms_left
from workstation.words import say, say_count

_LAST_BLOCK = 5
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def short_information(machine: Machine, now: datetime) -> Iterator[str]:
    """`/dli`: name, channel, the end of the key, the state and the time left."""
    language = machine.language
    yield say("slmgr.name", language, product=machine.media.product.title)
    yield say("slmgr.channel", language, channel=machine.media.channel.upper())
    yield _partial_key(machine)
    yield say("slmgr.status", language, status=status(machine, now))
    if state(machine, now) not in SETTLED:
        yield _time_left(machine, now)


def detailed_information(machine: Machine, now: datetime) -> Iterator[str]:
    """`/dlv`: the same with the IDs and what is left of the timers."""
    language = machine.language
    yield from short_information(machine, now)
    yield say("slmgr.product_id", language, id=product_id(machine))
    if not machine.media.is_client_setup:
        yield say("slmgr.installation_id", language, groups=" ".join(installation_id(machine)))
    yield say("slmgr.installed_at", language, moment=_moment(machine.installed_at))
    if machine.activation:
        issue, at = machine.activation.issue_number, _moment(machine.activation.activated_at)
        yield say("slmgr.activated_at", language, moment=at, issue=issue)
    yield say("slmgr.rearms", language, count=rearms_left(machine))
    yield say("slmgr.clock", language, moment=_moment(now))


def expiry(machine: Machine, now: datetime) -> str:
    """`/xpr`: until when the present state holds."""
    language, stands = machine.language, state(machine, now)
    if stands is State.ACTIVATED and machine.hosted and not machine.activation:
        return say("slmgr.expires", language, moment=_moment(machine.hosted.valid_until))
    if stands in SETTLED:
        return say("slmgr.permanent", language)
    if stands is State.GRACE_ENDED or not countdown(machine).left(now):
        return say("slmgr.time_is_up", language)
    return say("slmgr.grace_ends", language, moment=_moment(countdown(machine).end))


def status(machine: Machine, now: datetime) -> str:
    """The licence's status in words."""
    return say(f"slmgr.status_{state(machine, now).name.lower()}", machine.language)


def _partial_key(machine: Machine) -> str:
    if not machine.key:
        return say("slmgr.no_partial_key", machine.language)
    return say("slmgr.partial_key", machine.language, block=machine.key[-_LAST_BLOCK:].upper())


def _time_left(machine: Machine, now: datetime) -> str:
    left = countdown(machine).left(now)
    return say_count("slmgr.left", -(-left // _DAY), machine.language, minutes=left // _MINUTE)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
