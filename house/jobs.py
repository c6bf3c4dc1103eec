"""What the clerk sees to besides the outbox."""

from collections.abc import Callable
from datetime import timedelta

from callcenter.floor import approvals, contact_changes, upkeep
from callcenter.service.clerk import Job
from data.store import Transaction
from house.instance import House


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
