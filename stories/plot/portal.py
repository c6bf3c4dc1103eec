"""The scene at the customers' portal."""

import re
import secrets
from http import HTTPStatus

from stories.backstage import StoryFailed
from stories.stage import Stage
from stories.visit import visit, words_of

_CARD = re.compile(r"<section class=\"card.*?</section>", re.DOTALL)


async def refused_at_portal(stage: Stage) -> None:
    """The contact signs in by invitation, and the portal does not open the agreement."""
    contact = stage.key.contact
    if contact is None:
        raise StoryFailed("The story's key has no agreement.")
    link, chosen = stage.backstage.invite(contact.id), secrets.token_urlsafe(18)
    async with visit(stage.story.caller.name, stage.backstage.base_url) as pages:
        await pages.fill(link, new=chosen, again=chosen)
        stage.tell(stage.caller, f"signs in at the portal and asks for the keys of agreement {contact.agreement}")
        status, page = await pages.look(f"/portal/agreements/{contact.agreement}")
    if status < HTTPStatus.BAD_REQUEST:
        raise StoryFailed("The portal opened an agreement that is served by call only.")
    found = _CARD.search(page)
    stage.tell("Portal", f"says no: {words_of(found[0]) if found else status}")
