"""What simulated callers listen for, out of the line's own sentences."""

import re

from ivr.script import Script
from pbx.demo.cues import Cue, Cues, cue
from stories.cues import LineCues


def demo_cues(script: Script) -> Cues:
    """What the demo's caller, who understands English, listens for."""
    said = script.sentences
    goes_on = set(script.section("entry").values())
    troubles = (said[key] for key in said if key.startswith(("outage.", "refused.", "agent.", "person.")))
    return Cues(
        menu=cue([said["menu.question"]]),
        group=_group(script),
        computers=cue([said["computers.question"]]),
        approved=cue([said["granted.intro"], said["granted.another"]]),
        accepted=cue([said["accepted.none"]]),
        farewell=cue(script.section("farewell").values()),
        trouble=cue(sentence for sentence in troubles if sentence not in goes_on),
    )


def story_cues(script: Script) -> LineCues:
    """What callers of stories, who understand English, listen for."""
    said = script.sentences
    return LineCues(
        menu=cue([said["menu.question"]]),
        resume=cue([said["resume.question"]]),
        group=_group(script),
        computers=cue([said["computers.question"]]),
        block=re.compile(r"\b([A-J])\. ((?:\d ?)+)"),
        accepted=cue(said[f"accepted.{key}"] for key in ("none", "typing", "another_id")),
        after_typing=cue(said[f"accepted.{key}"] for key in ("internet", "late_activation")),
        refused=cue(said[f"refused.{key}"] for key in ("next", "try_again")),
        requests=cue([said["requests.question"]]),
        agreement=cue([said["agreement.question"]]),
        group_choice=cue([said["group_choice.question"]]),
        quantity=cue([said["quantity.question"]]),
        confirm=cue([said["confirm.question"]]),
        left_queue=cue(said[f"person.{key}"] for key in ("left", "left_callback")),
        case=re.compile(re.escape(said["person.case"]) + r"\s*((?:\d\s?){6})"),
    )


def _group(script: Script) -> Cue:
    """Asks for a group of the installation ID."""
    entry = ("first", "first_by_key", "group", "again", "waiting")
    return cue(script.sentences[f"entry.{key}"] for key in entry)
