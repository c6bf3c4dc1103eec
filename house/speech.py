"""The command group of the voices: how the line speaks, and how it hears."""

from voices.commands import voices
from voices.hearing_commands import fetch_model, hear, models

for command in (hear, models, fetch_model):
    voices.add_command(command)

__all__ = ["voices"]
