"""The simulated system's own words for templates: `words("choose.title", product=…)`, in the computer's language."""

from collections.abc import Callable

from workstation.computer.machine import Machine
from workstation.words import say


def words_of(machine: Machine) -> Callable[..., str]:
    """What says the wizard's and the screen's sentences in this computer's language."""
    return lambda key, **values: say(f"wizard.{key}", machine.language, **values)
