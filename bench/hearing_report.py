"""What hearing reached, as tables and goals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, quantiles

from goals import goal, goal_of_share
from hearers import Clock
from rich.table import Table
from spoken_ids import Tally
from telephone import Condition, Pace

GOAL_DIGITS, GOAL_GROUPS, GOAL_WRONG, GOAL_REJECTED = 0.97, 0.85, 0.01, 0.9
GOAL_IDS = {Condition.CLEAN: 0.97, Condition.AT_10_DB: 0.9}
GOAL_WAIT_MS, GOAL_CALLS = 700.0, 40.0
WITHIN_TWO = ("right", "right after one", "right after two")

Tallies = Mapping[tuple[Condition, Pace], Mapping[str, Tally]]
"""By speaker."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What share of some sounds is heard as no word of the line, and what share no menu acts on."""

    unheard: float
    ignored: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    digits: Mapping[Condition, Mapping[str, float]]
    tallies: Tallies
    rejected: Mapping[str, Rejected]
    rivals: Mapping[Condition, tuple[float, float]]
    clocks: Sequence[Clock]

    def tables(self) -> Iterator[Table]:
        """Everything, in the order of a call."""
        yield self._digits()
        yield self._groups()
        yield self._ids()
        yield self._speakers()
        yield self._other()
        if self.rivals:
            yield self._rivals()

    def goals(self) -> Iterator[str]:
        """Which goals are met."""
        for condition, shares in self.digits.items():
            yield goal_of_share(f"Single digits, {named(condition)}", mean(shares.values()), GOAL_DIGITS)
        for condition in self.digits:
            tally = summed(tally for (each, _), by in self.tallies.items() if each is condition for tally in by.values())
            if condition is Condition.CLEAN:
                yield goal_of_share("Groups right on the first guess, clean", tally.first_guesses / tally.groups, GOAL_GROUPS)
            wrong = tally.groups_after_check["wrong"] / tally.groups
            yield goal(f"Groups accepted wrongly, {named(condition)}", 100 * wrong, 100 * GOAL_WRONG, " %")
            if condition in GOAL_IDS:
                right = sum(tally.ids[end] for end in WITHIN_TWO) / count_of_ids(tally)
                yield goal_of_share(f"Whole IDs after at most two re-asks, {named(condition)}", right, GOAL_IDS[condition])
            yield goal(f"Whole IDs wrong, {named(condition)}", tally.ids["wrong"], 0)
        yield goal_of_share("Other sounds heard as none", mean(each.unheard for each in self.rejected.values()), GOAL_REJECTED)
        yield goal_of_share(
            "Other sounds ignored by a menu", mean(each.ignored for each in self.rejected.values()), GOAL_REJECTED
        )
        yield from self._clock_goals()

    def _clock_goals(self) -> Iterator[str]:
        finished = sum(len(waits) for clock in self.clocks for waits in clock.waits_seconds.values())
        for condition in self.digits:
            cuts = quantiles([wait for clock in self.clocks for wait in clock.waits_seconds[condition]], n=20)
            yield goal(f"Result after the last word, {named(condition)}, median", 1000 * cuts[9], GOAL_WAIT_MS, " ms")
            yield goal(f"Result after the last word, {named(condition)}, 95 of 100", 1000 * cuts[18], GOAL_WAIT_MS, " ms")
        unfinished = sum(clock.unfinished for clock in self.clocks)
        yield f"Utterances whose end was not noticed within two seconds: {unfinished} of {unfinished + finished}"
        computing, sound = (
            sum(clock.computing_seconds for clock in self.clocks),
            sum(clock.sound_seconds for clock in self.clocks),
        )
        yield f"Real-time factor: {computing / sound:.4f} over {sound / 3600:.1f} hours of sound"
        calls = sound / computing
        yield f"Calls heard on one core: {calls:.0f}, goal at least {GOAL_CALLS:g}: {'met' if calls >= GOAL_CALLS else 'not met'}"

    def _digits(self) -> Table:
        speakers = list(next(iter(self.digits.values())))
        table = Table("noise", *speakers, "all", title="Single digits of speakers never trained on")
        for condition, shares in self.digits.items():
            table.add_row(named(condition), *(f"{shares[each]:.1%}" for each in speakers), f"{mean(shares.values()):.1%}")
        return table

    def _groups(self) -> Table:
        ends = ("right", "wrong", "kept open", "asked again")
        table = Table("noise", "said", "groups", "first guess right", *ends, title="Groups, by check digit")
        for condition, pace, tally in self._all_speakers():
            counts = (tally.first_guesses, *(tally.groups_after_check[end] for end in ends))
            table.add_row(named(condition), named(pace), str(tally.groups), *(f"{each / tally.groups:.1%}" for each in counts))
        return table

    def _ids(self) -> Table:
        ends = (*WITHIN_TWO, "not within two", "wrong", "plain")
        titles = ("right at once", "after one", "after two", "not within two", "wrong", "without correction")
        table = Table("noise", "said", "IDs", *titles, title="Whole IDs, by groups asked again")
        for condition, pace, tally in self._all_speakers():
            count = count_of_ids(tally)
            table.add_row(named(condition), named(pace), str(count), *(f"{tally.ids[end] / count:.0%}" for end in ends))
        return table

    def _speakers(self) -> Table:
        speakers = list(next(iter(self.tallies.values())))
        table = Table("noise", "said", *speakers, title="Groups right on the first guess / IDs right within two, by speaker")
        for (condition, pace), by_speaker in self.tallies.items():
            table.add_row(named(condition), named(pace), *(_brief(by_speaker[each]) for each in speakers))
        return table

    def _other(self) -> Table:
        table = Table("sounds that are no word of the line", "heard as none", "no menu acts on it")
        for kind, rejected in self.rejected.items():
            table.add_row(kind, f"{rejected.unheard:.1%}", f"{rejected.ignored:.1%}")
        return table

    def _rivals(self) -> Table:
        table = Table("noise", "pocketsphinx", "ours", title="Groups of six said apart, first guess of the same recordings")
        for condition, shares in self.rivals.items():
            table.add_row(named(condition), *(f"{share:.1%}" for share in shares))
        return table

    def _all_speakers(self) -> Iterator[tuple[Condition, Pace, Tally]]:
        for (condition, pace), by_speaker in self.tallies.items():
            yield condition, pace, summed(by_speaker.values())


def named(what: Condition | Pace) -> str:
    """A condition or a pace in words."""
    return what.name.lower().replace("_", " ").replace(" db", " dB")


def summed(tallies: Iterable[Tally]) -> Tally:
    """All tallies as one."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def count_of_ids(tally: Tally) -> int:
    """How many IDs were read."""
    return sum(tally.ids[end] for end in (*WITHIN_TWO, "not within two", "wrong"))


def _brief(tally: Tally) -> str:
    within_two = sum(tally.ids[end] for end in WITHIN_TWO)
    return f"{tally.first_guesses / tally.groups:.0%} / {within_two / count_of_ids(tally):.0%}"
