"""The sentences of `floor.records.Notices`, on both engines."""

from datetime import datetime, timedelta

from callcenter.floor.customers import Agreement, Notice
from data.store import Store

AN_HOUR = timedelta(hours=1)


def test_notices_come_newest_first_with_whom_they_are_for(store: Store, agreement: Agreement, now: datetime) -> None:
    for hours, contact in ((1, "c1"), (2, None), (0, "c2")):
        store.transaction(
            lambda tx, at=now + hours * AN_HOUR, contact=contact: tx.notices.add(agreement.number, contact, "Raised.", at)
        )
    assert store.read(lambda tx: tx.notices.of_agreement(agreement.number)) == (
        Notice(None, "Raised.", now + 2 * AN_HOUR),
        Notice("c1", "Raised.", now + AN_HOUR),
        Notice("c2", "Raised.", now),
    )


def test_an_agreement_without_notices_has_none(store: Store, agreement: Agreement) -> None:
    assert store.read(lambda tx: tx.notices.of_agreement(agreement.number)) == ()


def test_a_foreign_key_in_a_notice_is_not_kept(store: Store, agreement: Agreement, now: datetime) -> None:
    foreign = "-".join(["B4DK3"] * 5)
    store.transaction(lambda tx: tx.notices.add(agreement.number, None, f"Your key {foreign}", now))
    (notice,) = store.read(lambda tx: tx.notices.of_agreement(agreement.number))
    assert notice.sentence == "Your key [product key removed]"
