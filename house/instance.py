"""The house: one instance with its parts, as commands and pages find them."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from house.cues import demo_cues
from house.premises import BUNDLED, Premises
from house.sound import Sound
from ivr.sound_names import SoundNames
from pbx.demo.cues import Cues
from voices.listening import Listener
from voices.speaking import Voices

if TYPE_CHECKING:
    from ivr.conversation import Conversation
    from pbx.exchange.plan import Plan


class House(Premises):
    """One instance with its parts, each opened when it is first needed; click's `ctx.obj` for every command.

    What takes long to load is imported by whoever asks for it, so that a command that only looks at the database starts soon.
    """

    @cached_property
    def conversation(self) -> "Conversation":
        """The line, ready to answer webhooks."""
        from house.line import open_conversation  # noqa: PLC0415 - a quarter of a second; for whoever answers calls

        return open_conversation(self)

    @cached_property
    def sound(self) -> Sound:
        """How the line speaks and hears."""
        return Sound(self)

    @property
    def voices(self) -> Voices:
        """Everything the line says, as sound."""
        return self.sound.voices

    @property
    def sound_names(self) -> SoundNames | None:
        """What our own sounds are called; None where sentences go out as words."""
        return self.sound.names

    @property
    def open_sentences(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The sentences that are known only during a call, by language, with what fills them."""
        return self.sound.open_sentences

    @property
    def listeners(self) -> Mapping[str, Listener]:
        """Who hears, by language."""
        return self.sound.listeners

    @property
    def english_listener(self) -> Listener:
        """Who hears English."""
        return self.listeners[BUNDLED]

    @property
    def demo_cues(self) -> Cues:
        """What the demo's caller, who understands English, listens for."""
        return demo_cues(self.scripts[BUNDLED])

    @property
    def exchange_plan(self) -> "Plan":
        """How this house's exchange is set up."""
        from house.exchange import plan_exchange  # noqa: PLC0415 - three quarters of a second; for the exchange only

        return plan_exchange(self, self.sound)


def open_house() -> House:
    """The house of the instance that the environment names."""
    return House(Path(os.environ.get("ACTIVATION_CENTER_HOME") or "instance"), os.environ)
