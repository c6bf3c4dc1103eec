"""Whose session it is at the console."""

from callcenter import visiting
from callcenter.console.centre import Transaction, centre
from callcenter.console.shell import SignedIn


def find_signed_in(name: str) -> SignedIn | None:
    """Who this session is of; None once it has run out or was ended from elsewhere."""
    here = centre()

    def find(tx: Transaction) -> SignedIn | None:
        agent = tx.people.find(name)
        if agent is None or agent.is_disabled or visiting.was_ended(tx, agent.sessions_from, here.clock()):
            return None
        return SignedIn(agent)

    return None if visiting.has_run_out(here) else here.store.read(find)
