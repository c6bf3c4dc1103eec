"""Putting right what was misheard of an installation ID, out of the ID's own redundancy.

A recogniser gives several ways a group may have been said, with scores. Those whose check digit does not hold drop out; when
every group is there, whole IDs are put together from the rest, the likeliest first, until one proves authentic. A keyed group
has exactly one candidate: it is never altered.

Where the ID has check digits enough, all but one of its groups tell what that one is. So each heard group may also be none of
its candidates, at a cost, and one of which nothing can be made is left to the others.

A *try* is one whole ID put together, every group of which holds its own check digit. Of `TRIES` tries only those that also hold
the checks over the whole are decrypted (a tenth of the short layout's and of those of which the others tell a group, else
one in 100,000 of the long one's), and a wrong one among these passes the 32-bit tag once in 2^32: a search ends in a wrong ID
less than once in a million, whatever those checks cut.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice
from math import log

from activation.catalogue import Catalogue, Layout
from activation.confusions import likely_confusions
from activation.digits import check_digit_holds, with_check_digit
from activation.installation_id import Opened, block_opener, can_complete, whole_checker, whole_completer
from activation.secrets import Secrets

TRIES = 4_000
"""The most whole IDs that one search puts together: about 20 ms."""
UNHEARD = "?"
"""Stands for each digit of a group that is none of what was heard."""
LONGEST_LIST = 40
"""As many alternatives as a recogniser gives at most; a shorter list left nothing likely out."""
UNLISTED = 5.0
"""The cost of what a list that is not full left out.

Measured with people whom the recogniser never heard: what holds that far behind the first guess is oftener wrong than right.
"""
UNLIKELY = 8.0
"""The cost of what the likely confusions of an only alternative left out."""
CLEAR = 3.0
"""The lead over everything else (20 to 1) from which a group counts as accepted and not merely as kept open."""
CREDIBLE = 3.0
"""The lead of the best candidate over all that was not heard from which a group is taken, not asked again or left open."""
PUT_TOGETHER = 300
"""How many ways of saying a group are put together out of a list's, a tenth of which holds the check digit."""
CANDIDATES = 40
"""The most candidates kept of one group."""
_ONE_IN_TEN = log(10)
"""Of all that was not heard only a tenth holds its check digit, so that it is by so much less likely."""

_Choice = tuple[float, tuple[str, ...]]
"""What a choice of one candidate a group costs, and the digits of each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Digits as they may have been said. `cost` is the negative natural logarithm of their score beside the best guess's."""

    digits: str
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class HeardGroup:
    """What was heard of one group: the candidates that hold, cheapest first, and what any other would cost."""

    candidates: tuple[Candidate, ...] = ()
    absent: float = 0.0
    is_begun_with_keys: bool = False
    """Some of its digits are certain, so that it cannot be just any other."""

    @property
    def certainty(self) -> float:
        """By how much the best candidate leads over everything else; 0 without one."""
        if not self.candidates:
            return 0.0
        rivals = (self.absent, *(candidate.cost for candidate in self.candidates[1:2]))
        return min(rivals) - self.candidates[0].cost

    @property
    def is_clear(self) -> bool:
        """Whether there is a clear winner."""
        return self.certainty >= CLEAR

    @property
    def is_credible(self) -> bool:
        """Whether the group may be taken: something that holds was heard, and is likelier than that it was none of it."""
        return bool(self.candidates) and self.absent - self.candidates[0].cost >= CREDIBLE

    def possible(self, length: int) -> tuple[Candidate, ...]:
        """All that the group of so many digits may be: the candidates, and none of them."""
        other = () if self.is_begun_with_keys else (Candidate(UNHEARD * length, self.absent),)
        return tuple(sorted((*self.candidates, *other), key=lambda candidate: candidate.cost))


def hear_group(
    alternatives: Sequence[Candidate],
    length: int,
    certain: int = 0,
    holds: Callable[[str], bool] = check_digit_holds,
) -> HeardGroup:
    """What these alternatives (best first) tell of a group of `length` digits; `holds` tells which groups may be meant.

    The only alternative, if it does not hold, comes of a recogniser that gives no others: its likely confusions stand in.
    The first `certain` digits were keyed and are never altered.
    """
    whole = [each for each in alternatives if len(each.digits) == length]
    held = [each for each in (*whole, *_put_together(whole)) if holds(each.digits)]
    is_alone = len({each.digits for each in alternatives}) == 1
    if is_alone and not held:
        only = alternatives[0]
        likely = likely_confusions(only.digits, length, certain, UNLIKELY)
        held = [Candidate(digits, only.cost + cost) for digits, cost in likely.items() if holds(digits)]
    left_out = UNLIKELY if is_alone else UNLISTED
    is_full = len(alternatives) >= LONGEST_LIST
    beyond = min(max(each.cost for each in alternatives), left_out) if is_full else left_out
    return HeardGroup(_cheapest(held), beyond + _ONE_IN_TEN, certain > 0)


def _put_together(heard: Sequence[Candidate]) -> Iterator[Candidate]:
    """What a recogniser's list had no room for: the first guess with several digits changed that were doubted one by one.

    Noise harms one digit regardless of the others, so that the costs of such doubts add up.
    """
    if not heard:
        return
    first, listed = heard[0], {each.digits for each in heard}
    places = [[Candidate(digit)] for digit in first.digits]
    for each in heard:
        changed = [place for place, digit in enumerate(each.digits) if digit != first.digits[place]]
        if len(changed) == 1:
            places[changed[0]].append(Candidate(each.digits[changed[0]], each.cost - first.cost))
    for cost, digits in islice(_ranked(places), PUT_TOGETHER):
        if (said := "".join(digits)) not in listed:
            yield Candidate(said, first.cost + cost)


def both(first: HeardGroup | None, second: HeardGroup) -> HeardGroup:
    """Two readings of the same group: what both heard is likelier than what one of them did, and nothing is lost."""
    if first is None:
        return second
    costs, others = _costs(first), _costs(second)
    together = (
        Candidate(digits, costs.get(digits, first.absent) + others.get(digits, second.absent)) for digits in costs | others
    )
    is_begun_with_keys = first.is_begun_with_keys or second.is_begun_with_keys
    return HeardGroup(_cheapest(together), first.absent + second.absent, is_begun_with_keys)


def joined(first: Sequence[Candidate], second: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likeliest ways in which digits and their continuation may have been said."""
    together = [Candidate(one.digits + other.digits, one.cost + other.cost) for one in first for other in second]
    return _cheapest(together)[:LONGEST_LIST]


def least_certain(groups: Sequence[HeardGroup | None]) -> int | None:
    """The index of the heard group that is worth asking again most; None when none was heard."""
    heard = [(group.is_credible, group.certainty, index) for index, group in enumerate(groups) if group]
    return min(heard)[2] if heard else None


def combinations(groups: Sequence[Sequence[Candidate]]) -> Iterator[tuple[str, ...]]:
    """Every choice of one candidate (cheapest first) a group, the cheapest choice first; lazily, each once."""
    return (choice for _, choice in _ranked(groups)) if groups and all(groups) else iter(())


def _ranked(groups: Sequence[Sequence[Candidate]]) -> Iterator[_Choice]:
    """The choices with their costs: of each half of the groups first, then of both."""
    if len(groups) == 1:
        return ((candidate.cost, (candidate.digits,)) for candidate in groups[0])
    middle = len(groups) // 2
    return _paired(_Remembered(_ranked(groups[:middle])), _Remembered(_ranked(groups[middle:])))


def _paired(first: "_Remembered", second: "_Remembered") -> Iterator[_Choice]:
    """Every pair, the cheapest first. One goes on from a pair by its next second, from a pair with the best second by its next
    first too: so each is reached once, and after a cheaper one."""
    waiting: list[tuple[float, int, int]] = []

    def wait_for(at: int, with_at: int) -> None:
        if (one := first.at(at)) and (other := second.at(with_at)):
            heappush(waiting, (one[0] + other[0], at, with_at))

    wait_for(0, 0)
    while waiting:
        cost, at, with_at = heappop(waiting)
        yield cost, first.known[at][1] + second.known[with_at][1]
        wait_for(at, with_at + 1)
        if with_at == 0:
            wait_for(at + 1, 0)


class _Remembered:
    """What an iterator gives, kept as far as it was asked for."""

    def __init__(self, following: Iterator[_Choice]) -> None:
        self._following, self.known = following, list[_Choice]()

    def at(self, rank: int) -> _Choice | None:
        """The choice of this rank, one further than any before at most; None behind the last."""
        if rank == len(self.known):
            self.known.extend(islice(self._following, 1))
        return self.known[rank] if rank < len(self.known) else None


def search(groups: Sequence[Sequence[Candidate]], catalogue: Catalogue, secrets: Secrets) -> Opened | None:
    """The likeliest authentic installation ID that can be put together, within `TRIES` tries."""
    lengths = tuple(len(group[0].digits) for group in groups if group)
    fitting = (header for header in catalogue.headers.values() if header.layout.groups == lengths)
    known = {str(header.digit): header for header in fitting if header.epoch in secrets.masters}
    if not known:
        return None
    layout = next(iter(known.values())).layout  # one for all: they are cut into the same groups
    openers = {digit: block_opener(secrets.installation_key(header.epoch)) for digit, header in known.items()}
    holds = whole_checker(layout)
    is_told = can_complete(layout)
    data = [
        [Candidate(each.digits[:-1], each.cost) for each in group if is_told or UNHEARD not in each.digits] for group in groups
    ]
    for said in islice(_wholes(data, layout), TRIES):
        first = said[0][0]
        if first in known and holds(said) and (installation := openers[first]("".join(said))):
            return Opened(known[first], "".join(map(with_check_digit, said)), installation)
    return None


def _wholes(data: Sequence[Sequence[Candidate]], layout: Layout) -> Iterator[tuple[str, ...]]:
    """Whole IDs put together, the likeliest first; where one group is none of its candidates, what the others make of it."""
    complete = whole_completer(layout)
    for said in islice(combinations(data), TRIES):
        unheard = [place for place, digits in enumerate(said) if digits[0] == UNHEARD]
        if not unheard:
            yield said
        elif len(unheard) == 1:
            yield from complete(said, unheard[0])


def _cheapest(candidates: Iterator[Candidate] | Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Each once, at its least cost, the cheapest first."""
    costs: dict[str, float] = {}
    for candidate in candidates:
        costs[candidate.digits] = min(candidate.cost, costs.get(candidate.digits, candidate.cost))
    ordered = sorted(costs.items(), key=lambda each: each[1])
    return tuple(Candidate(digits, cost) for digits, cost in ordered[:CANDIDATES])


def _costs(group: HeardGroup) -> dict[str, float]:
    return {candidate.digits: candidate.cost for candidate in group.candidates}
