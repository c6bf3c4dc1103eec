"""Signing in to the portal: invitations by one-time link, and passwords.

An account is a person; what they may do stands with the contacts that they are, one for each agreement.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

from callcenter.floor import audit
from callcenter.floor.acting import Acting, contact_name, record
from callcenter.floor.audit import Act
from callcenter.floor.portal_records import Account, Transaction
from callcenter.floor.refusals import Refusal

LINK_LASTS = timedelta(hours=24)
UNKNOWN = "somebody unknown"

LINK_VOID = Refusal(
    "portal.link",
    "That link has been used, is older than a day, or was never given out. Ask the activation centre for a new one.",
    HTTPStatus.NOT_FOUND,
)


def invite(tx: Transaction, acting: Acting, contact_id: str, token: str) -> Account | Refusal:
    """Gives a contact's account a one-time link, good for a day. The password before it is void, and so is every session."""
    contact = tx.agreements.contact(contact_id)
    if contact is None:
        sentence = f"No agreement has a contact {contact_id[:64]!r}; `activation-center agreements show NUMBER` lists them."
        return Refusal("portal.contact", sentence, HTTPStatus.NOT_FOUND)
    name = contact.signs_in_as
    before = tx.accounts.find(name) or Account(name, "", False, acting.now)
    expires_at = acting.now + LINK_LASTS
    account = replace(
        before, password_hash="", link_hash=hash_link(token), link_expires_at=expires_at, sessions_from=acting.now
    )
    tx.accounts.save(account)
    record(tx, acting, Act.INVITED, f"contact/{name}", {})
    return account


def account_of_link(tx: Transaction, token: str, now: datetime) -> Account | Refusal:
    """Whose link this is, while it is good."""
    account = tx.accounts.of_link(hash_link(token))
    if account is None or account.link_expires_at is None or account.link_expires_at <= now:
        return LINK_VOID
    return account


def use_link(tx: Transaction, audit_key: bytes, token: str, password_hash: str, now: datetime) -> Account | Refusal:
    """Keeps the password that whoever has the link chose; the link is used up."""
    account = account_of_link(tx, token, now)
    if isinstance(account, Refusal):
        return account
    after = _with_password(account, password_hash, now)
    tx.accounts.save(after)
    _record(tx, audit_key, account.name, Act.INVITATION_USED, now)
    return after


def choose_password(tx: Transaction, audit_key: bytes, seen: Account, password_hash: str, now: datetime) -> Account | Refusal:
    """Keeps the password that somebody signed in as `seen` chose, which ends their sessions; an account that was invited anew
    meanwhile stays as it is."""
    before = tx.accounts.find(seen.name)
    if before is None or before.password_hash != seen.password_hash:
        return Refusal("portal.changed", "Your account was changed meanwhile, so the password stays as it is. Sign in again.")
    after = _with_password(before, password_hash, now)
    tx.accounts.save(after)
    _record(tx, audit_key, after.name, Act.PASSWORD_CHANGED, now)
    return after


def note_signing_in(
    tx: Transaction, audit_key: bytes, tried: Account | None, known: Account | None, now: datetime
) -> Account | None:
    """Puts the attempt on the record, under no name that is nobody's. Checking a password takes a while: the account is read
    again, and who has been invited anew or is named in no agreement any more does not get in."""
    present = tx.accounts.find(known.name) if known else None
    is_as_checked = present is not None and known is not None and present.password_hash == known.password_hash
    entered = present if present and is_as_checked and tx.agreements.of_account(present.name) else None
    act = Act.SIGNED_IN if entered else Act.SIGN_IN_FAILED
    _record(tx, audit_key, tried.name if tried else "", act, now)
    return entered


def note_signing_out(tx: Transaction, audit_key: bytes, name: str, now: datetime) -> None:
    """Puts it on the record."""
    _record(tx, audit_key, name, Act.SIGNED_OUT, now)


def hash_link(token: str) -> str:
    """What is kept of a link."""
    return sha256(token.encode()).hexdigest()


def _with_password(account: Account, password_hash: str, now: datetime) -> Account:
    return replace(
        account,
        password_hash=password_hash,
        must_change=False,
        link_hash=None,
        link_expires_at=None,
        sessions_from=now,
    )


def _record(tx: Transaction, audit_key: bytes, name: str, act: Act, now: datetime) -> None:
    actor = contact_name(name) if name else UNKNOWN
    audit.record(tx, audit_key, actor, act, f"contact/{name or UNKNOWN}", {}, now)
