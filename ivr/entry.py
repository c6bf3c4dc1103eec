"""An installation ID between two turns: what was keyed, what was heard, how often it failed. Nothing here decides anything."""

from dataclasses import dataclass, replace

from activation.correction import UNHEARD, Candidate, HeardGroup
from activation.digits import split_groups


@dataclass(frozen=True, slots=True)
class Entry:
    """An installation ID being read: accepted groups (None: open), failures per group.

    A group that was said stands here as it was likeliest said, with its other candidates in `heard`; keyed ones are certain.
    One that was said and not understood may stand here as unheard: the others are to tell it.
    """

    layout: str | None = None
    groups: tuple[str | None, ...] = ()
    failures: tuple[int, ...] = ()
    starts: int = 0
    """How often a complete ID turned out wrong as a whole."""
    computers: int | None = None
    authentic: bool = False
    """Whether the desk opened the complete ID; until then its digits leave this state for nowhere."""
    refused_before: bool = False
    """The caller came because an earlier confirmation ID was refused."""
    finished_by_agent: bool = False
    """A person completed the digits, and the desk has not been asked about them since."""
    heard: tuple[HeardGroup | None, ...] = ()
    """What was heard of each group, until the ID proves authentic; None where it was keyed. Of an open group, what counts
    together with its next reading. Only digits whose check digit holds, and they leave this state for nowhere."""

    @property
    def at(self) -> int:
        """The index of the group in hand; the number of groups when all are there."""
        return self.groups.index(None) if None in self.groups else len(self.groups)

    @property
    def proof(self) -> int:
        """The index of the group that proves a dropped call: the last accepted one of full length (two digits are guessed),
        and of those one that was not misheard, if there is one."""
        understood = {index: len(group) for index, group in enumerate(self.understood) if group}
        longest = max(understood.values())
        full = [index for index, length in understood.items() if length == longest]
        return max([index for index in full if self._is_sure(index)] or full)

    @property
    def left_to_others(self) -> int | None:
        """The index of the group that the others are to tell, if there is one."""
        return next((index for index, group in enumerate(self.groups) if group and UNHEARD in group), None)

    @property
    def understood(self) -> tuple[str | None, ...]:
        """The accepted groups without the one that the others are to tell."""
        left = self.left_to_others
        return tuple(None if index == left else group for index, group in enumerate(self.groups))

    @property
    def is_complete(self) -> bool:
        """Whether every group is there."""
        return bool(self.groups) and None not in self.groups

    @property
    def digits(self) -> str:
        """The accepted groups, joined."""
        return "".join(group or "" for group in self.groups)

    @property
    def candidates(self) -> tuple[tuple[Candidate, ...], ...]:
        """Of each accepted group what it may be, a keyed one itself alone; empty when nothing was said."""
        if not any(self.heard):
            return ()
        pairs = ((group, self.heard_at(index)) for index, group in enumerate(self.groups) if group)
        return tuple(heard.possible(len(group)) if heard else (Candidate(group),) for group, heard in pairs)

    def heard_at(self, index: int) -> HeardGroup | None:
        """What was heard of a group; None for one that was keyed, or not given yet."""
        return self.heard[index] if index < len(self.heard) else None

    def unheard(self, index: int) -> "Entry":
        """The entry without what was heard of a group, which keys tell better from now on."""
        heard = (*self.heard[:index], None, *self.heard[index + 1 :])
        return replace(self, heard=heard if any(heard) else ())

    def with_group(self, index: int, digits: str | None, heard: HeardGroup | None) -> "Entry":
        """The entry, its layout known, with this group in its place."""
        groups = (*self.groups[:index], digits, *self.groups[index + 1 :])
        padded = (*self.heard, *(None,) * (len(groups) - len(self.heard)))
        all_heard = (*padded[:index], heard, *padded[index + 1 :])
        return replace(self, groups=groups, heard=all_heard if any(all_heard) else ())

    def proven(self, installation_id: str) -> "Entry":
        """The entry of this authentic ID: nothing about it is doubtful any more."""
        groups = split_groups(installation_id, tuple(len(group or "") for group in self.groups))
        return replace(self, groups=groups, heard=(), authentic=True)

    def _is_sure(self, index: int) -> bool:
        heard = self.heard_at(index)
        return heard is None or heard.is_clear
