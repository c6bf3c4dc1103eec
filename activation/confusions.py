"""Which spoken digits are taken for which, for recognisers that tell only their first guess.

The pairs are those that telephone speech confuses (five and nine on a telephone band; three, six and eight; one and five); a
cost is the negative natural logarithm of how likely the mistake is beside hearing rightly.
"""

from collections.abc import Iterator
from itertools import combinations, product

_ANY = 4.5
_LIKELY = {"59": 2.0, "38": 2.5, "68": 2.5, "15": 2.5, "19": 3.0, "04": 3.0, "67": 3.5, "23": 3.5, "14": 4.0}
_SUBSTITUTIONS = {pair: cost for each, cost in _LIKELY.items() for pair in ((each[0], each[1]), (each[1], each[0]))}
_REPEATED, _ADDED, _MISSED = 3.0, 6.0, 6.0
"""A digit heard twice, one that nobody said, one that was not heard."""


def likely_confusions(heard: str, length: int, certain: int, most: float) -> dict[str, float]:
    """The digits of this length that may have been said, with costs up to `most`: one or two digits taken for others, one too
    many or one too few. The first `certain` digits stay as they are."""
    kept, open_digits = heard[:certain], heard[certain:]
    match len(heard) - length:
        case 0:
            found = _substituted(open_digits)
        case 1:
            found = _without_one(open_digits)
        case -1:
            found = _with_one_more(open_digits)
        case _:
            return {}
    costs: dict[str, float] = {}
    for digits, cost in found:
        if cost <= min(most, costs.get(kept + digits, most)):
            costs[kept + digits] = cost
    return costs


def _substituted(heard: str) -> Iterator[tuple[str, float]]:
    places = range(len(heard))
    for changed in (*combinations(places, 1), *combinations(places, 2)):
        for said in product("0123456789", repeat=len(changed)):
            pairs = [(heard[place], digit) for place, digit in zip(changed, said, strict=True)]
            if all(one != other for one, other in pairs):
                digits = list(heard)
                for place, digit in zip(changed, said, strict=True):
                    digits[place] = digit
                yield "".join(digits), sum(_SUBSTITUTIONS.get(pair, _ANY) for pair in pairs)


def _without_one(heard: str) -> Iterator[tuple[str, float]]:
    for place, digit in enumerate(heard):
        is_repeated = place > 0 and heard[place - 1] == digit
        yield heard[:place] + heard[place + 1 :], _REPEATED if is_repeated else _ADDED


def _with_one_more(heard: str) -> Iterator[tuple[str, float]]:
    for place in range(len(heard) + 1):
        for digit in "0123456789":
            yield heard[:place] + digit + heard[place:], _MISSED
