"""The clerk of this house: the process, and what it sees to."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

import click

from callcenter.floor import approvals, contact_changes, upkeep
from callcenter.service.call_control import CallControl
from callcenter.service.clerk import Clerk, Errand, Job, call_control, text_messages
from callcenter.service.telephony import TelephonyError, rest_client, text_sender
from data.engine import StorageError
from data.outbox import OutboxKind
from data.post_office import PostOffice
from data.store import Transaction
from house.instance import House


@click.command()
@click.pass_obj
def clerk(house: House) -> None:
    """The clerk alone (`serve` starts it).

    It sends what is in the outbox and erases what calls leave behind. Several may run.
    """
    post = PostOffice(house.store)
    Clerk(post, errands_of(house), jobs_of(house), house.clock, expected=(StorageError,)).work(threading.Event())


def errands_of(house: House) -> Mapping[str, Errand]:
    """How what is in the outbox is sent, by its kind."""

    def account() -> tuple[str, str, str | None]:
        if not house.has_telephony():
            raise TelephonyError("There is no telephony side: no exchange runs and no Twilio account is set")
        return house.account_sid, house.auth_token, house.telephony_url

    def send(to: str, body: str) -> None:
        text_sender(*account(), house.line_number)(to, body)

    def perform(command: Mapping[str, str]) -> None:
        CallControl(rest_client(*account()), house.line_number, house.pages_url).perform(command)

    return {OutboxKind.TEXT_MESSAGE: text_messages(send), OutboxKind.CALL_CONTROL: call_control(perform)}


def jobs_of(house: House) -> tuple[Job, ...]:
    """What the clerk sees to besides the outbox, most often what callers wait for."""
    policy, now = house.settings.policy, house.clock

    def job(name: str, every_seconds: float, work: Callable[[Transaction], object]) -> Job:
        return Job(name, timedelta(seconds=every_seconds), lambda: house.store.transaction(work))

    return (
        Job("erase what calls left", timedelta(minutes=1), house.conversation.forget_stale),
        job("find lost agents", 2, lambda tx: upkeep.find_lost(tx, policy, now())),
        job("open reserved places", 5, lambda tx: upkeep.open_reserved(tx, now())),
        job("expire requests", 30, lambda tx: approvals.expire(tx, policy, now())),
        job("let contacts take effect", 30, lambda tx: contact_changes.take_effect(tx, now())),
        job("close stale places", 300, lambda tx: upkeep.close_stale(tx, now())),
        job("erase counters", 3600, lambda tx: tx.rate_counters.erase_run_out(now())),
        job("erase web answers", 600, lambda tx: tx.web_answers.erase_before(now() - house.settings.service.answers_kept)),
    )
