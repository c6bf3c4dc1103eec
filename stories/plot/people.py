"""Scenes at the agents' desks, played at the real pages of the console."""

from stories.backstage import Contact, StoryFailed
from stories.stage import Stage
from stories.story import Done, Role

WORKAROUNDS = (("typing", "no"), ("another", "no"), ("internet", "none"), ("fix", "safe mode"), ("fixed", "later"))
"""The questions about a refused confirmation ID and what the caller answers, in the order in which they are unlocked."""


async def answer(stage: Stage) -> None:
    """An agent comes to work, is available, and answers the caller, who waits."""
    await stage.on_hold()
    desk = stage.desk = await stage.bring(stage.story.agent, has_phone=True)
    await desk.do("/console/availability", availability="available")
    assert stage.call is not None
    stage.tell(desk.name, f"answers case {stage.heard.case}")
    await desk.do("/console/answer", call_sid=stage.call.sid)
    await stage.with_person()
    stage.tell("Desk", await desk.why(stage.case))
    stage.tell(stage.caller, f"says: “{stage.story.caller.says}”")


async def take_groups(stage: Stage) -> None:
    """The digits that the caller gave are on the pad; the missing ones are typed, and the desk decides."""
    desk, groups = stage.agent, stage.computer.groups
    kept = await desk.kept_groups(stage.case)
    stage.tell("Desk", f"has kept the groups {', '.join(map(str, kept)) or 'of none'}; the others are asked for")
    if not kept:
        raise StoryFailed("The digits that the caller had keyed in were not on the agent's pad.")
    missing = {f"group-{number}": group for number, group in enumerate(groups, start=1) if number not in kept}
    stage.tell(stage.caller, f"reads out {len(missing)} groups, and {desk.name} types them")
    await desk.do(f"{stage.case}/groups", **missing)
    stage.tell("Desk", await desk.do(f"{stage.case}/decide", computers=str(stage.story.caller.computers)))


async def verify(stage: Stage) -> None:
    """The agreement is found, and the caller tells what only they can know."""
    desk, contact = stage.agent, _contact(stage)
    stage.tell(desk.name, f"asks for the agreement number; {stage.caller} has it: {contact.agreement}")
    stage.tell("Desk", await desk.do(f"{stage.case}/agreement", agreement=contact.agreement))
    stage.tell(desk.name, f"asks how many are left on key {contact.fact_serial}; {stage.caller}: {contact.fact_left}")
    fact = {"fact": "COUNT_LEFT", "fact_serial": str(contact.fact_serial), "answer": str(contact.fact_left)}
    stage.tell("Desk", await desk.do(f"{stage.case}/verify", do="fact", contact=contact.id, **fact))


async def ask_raise(stage: Stage) -> None:
    """The limit of the key is raised, or the raise is held for a second person."""
    desk, done, contact = stage.agent, _done(stage), _contact(stage)
    is_host_key = stage.story.key is not None and stage.story.key.channel == "kms"
    stage.tell(desk.name, f"asks for {done.amount} more: {done.reason}")
    wish = {"change": "raise", "serial": str(stage.key.serial), "amount": str(done.amount), "reason": done.reason}
    counter = "hosts" if is_host_key else "installations"
    stage.tell("Desk", await desk.do(f"{stage.case}/change", contact=contact.id, counter=counter, **wish))


async def approve(stage: Stage) -> None:
    """A supervisor, who is not the asker, looks at the request that is held, and approves it."""
    if stage.backstage.count(stage.key.serial).allowed != (stage.story.key.allowed if stage.story.key else 0):
        raise StoryFailed("The raise was applied before anybody approved it.")
    supervisor = await stage.bring(Role.SUPERVISOR, has_phone=False)
    request = await supervisor.held_request(stage.heard.case)
    stage.tell(supervisor.name, "looks at the request, at the evidence and at what has changed since, and approves")
    stage.tell("Desk", await supervisor.do(f"/console/approvals/{request}/approve", words=""))


async def exception(stage: Stage) -> None:
    """One activation that the rules alone would not grant."""
    desk, done = stage.agent, _done(stage)
    stage.tell(desk.name, f"asks what was changed on the computer; {stage.caller}: the main board, the old one is broken")
    answers = {"answer-origin": "retail", "answer-computer": "same", "answer-changed": "board", "answer-installed on": "one"}
    stage.tell("Desk", await desk.do(f"{stage.case}/answers", **answers))
    stage.tell("Desk", await desk.do(f"{stage.case}/exception", reason=done.reason, words=""))


async def workarounds(stage: Stage) -> None:
    """What to try, in its order; each failure unlocks the next, and the last is the fix (row 91)."""
    desk, given = stage.agent, dict[str, str]()
    for question, answered in WORKAROUNDS:
        given[f"answer-{question}"] = answered
        stage.tell(desk.name, f"{question}? {stage.caller}: {answered}")
        await desk.do(f"{stage.case}/answers", **given)
    stage.tell(desk.name, "sends the fix; there is no charge")


async def new_key(stage: Stage) -> None:
    """The agreement's key for the product group is issued and read out."""
    desk, contact = stage.agent, _contact(stage)
    order = {"channel": "mak", "product_group": stage.story.product_group, "contact": contact.id}
    key = await desk.read_out(f"{stage.case}/new-key", **order)
    stage.tell(desk.name, f"reads out the agreement's key; {stage.caller} writes it down: SIM…-{key[-5:]}")


async def to_line(stage: Stage) -> None:
    """The caller goes back to the line, which reads the confirmation ID."""
    stage.tell("Desk", await stage.agent.do(f"{stage.case}/back"))


async def hang_up(stage: Stage) -> None:
    """The agent ends the call."""
    stage.tell("Desk", await stage.agent.do(f"{stage.case}/hang-up"))


async def wrap_up(stage: Stage) -> None:
    """The outcome, chosen from the list."""
    desk, done = stage.agent, _done(stage)
    stage.tell(desk.name, f"wraps up: {done.wrap_up[0]}")
    stage.tell("Desk", await desk.do(f"{stage.case}/wrap-up", outcome=done.wrap_up[0], note="", follow_up=""))
    await desk.do("/console/availability", availability="offline")


def _contact(stage: Stage) -> Contact:
    if stage.key.contact is None:
        raise StoryFailed("The story's key has no agreement.")
    return stage.key.contact


def _done(stage: Stage) -> Done:
    assert stage.story.done is not None  # a story in which an agent answers says what should be done
    return stage.story.done
