"""What a caller of a story listens for: sentences of the line, which the caller is given and does not know by itself."""

from dataclasses import dataclass

from pbx.demo.cues import Cue


@dataclass(frozen=True, slots=True)
class LineCues:
    """One cue for each question of the line."""

    menu: Cue
    resume: Cue
    group: Cue
    """Asks for a group; `pbx.demo.cues.asked_number` tells which."""
    computers: Cue
    block: Cue
    """A block of the confirmation ID: its letter and its digits."""
    accepted: Cue
    """Whether the computer accepted the confirmation ID."""
    after_typing: Cue
    """Whether another remedy helped: the internet, the fix."""
    refused: Cue
    """What comes after a refusal."""
    requests: Cue
    agreement: Cue
    group_choice: Cue
    quantity: Cue
    confirm: Cue
    left_queue: Cue
    case: Cue
    """The number of the case, on the way to a person."""
