"""Who signs in to the portal (`floor.portal_records.Accounts`)."""

from callcenter.floor.portal_records import Account
from data.engine import Connection, Row
from data.times import to_microseconds, to_microseconds_if_any, to_moment, to_moment_if_any

_SELECT = """
    SELECT name, password_hash, must_change, created_at, link_hash, link_expires_at, sessions_from FROM portal_accounts
"""
_FIND = f"{_SELECT} WHERE name = :name"
_OF_LINK = f"{_SELECT} WHERE link_hash = :link_hash"
_SAVE = """
    INSERT INTO portal_accounts (name, password_hash, must_change, created_at, link_hash, link_expires_at, sessions_from)
    VALUES (:name, :password_hash, :must_change, :created_at, :link_hash, :link_expires_at, :sessions_from)
    ON CONFLICT (name) DO UPDATE SET
        password_hash = excluded.password_hash, must_change = excluded.must_change, link_hash = excluded.link_hash,
        link_expires_at = excluded.link_expires_at, sessions_from = excluded.sessions_from
"""


class AccountsTable:
    """The portal's accounts of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> Account | None:
        """Who signs in under this name."""
        row = self._connection.one(_FIND, name=name)
        return _account(row) if row else None

    def of_link(self, link_hash: str) -> Account | None:
        row = self._connection.one(_OF_LINK + self._connection.hold_row, link_hash=link_hash)
        return _account(row) if row else None

    def save(self, account: Account) -> None:
        """Adds the account or replaces everything but name and `created_at`."""
        self._connection.run(
            _SAVE,
            name=account.name,
            password_hash=account.password_hash,
            must_change=int(account.must_change),
            created_at=to_microseconds(account.created_at),
            link_hash=account.link_hash,
            link_expires_at=to_microseconds_if_any(account.link_expires_at),
            sessions_from=to_microseconds_if_any(account.sessions_from),
        )


def _account(row: Row) -> Account:
    name, password_hash, must_change, created_at, link_hash, link_expires_at, sessions_from = row
    return Account(
        name=name,
        password_hash=password_hash,
        must_change=bool(must_change),
        created_at=to_moment(created_at),
        link_hash=link_hash,
        link_expires_at=to_moment_if_any(link_expires_at),
        sessions_from=to_moment_if_any(sessions_from),
    )
