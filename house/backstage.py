"""What stories are handed from behind the counter: keys made for training, accounts, links."""

import secrets as randomness
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from activation.redaction import redact
from callcenter.floor import accounts
from callcenter.floor.people import Role
from data import story_people
from data.acting import act
from data.props import KeyMade, KeyWanted, NoProps, Workshop, make_key
from house.cues import story_cues
from house.demo_computer import DemoComputer
from house.instance import House
from house.premises import BUNDLED
from pbx.demo.commands import watch
from stories.backstage import Account as StoryAccount
from stories.backstage import Contact as StoryContact
from stories.backstage import Count, Props, StoryFailed
from stories.backstage import Line as StoryLine
from stories.cues import LineCues
from stories.story import Key as StoryKey
from stories.story import Role as StoryRole


@dataclass(frozen=True, slots=True)
class StoryBackstage:
    """What stories are handed from behind the counter of this instance."""

    house: House

    @property
    def home(self) -> Path:
        """The instance folder."""
        return self.house.home

    @property
    def base_url(self) -> str:
        """Where the centre is."""
        return self.house.base_url

    @property
    def line(self) -> StoryLine:
        """How the line is called."""
        house = self.house
        find = house.instance.exchange_address.read
        return StoryLine(house.voice_url, house.account_sid, house.auth_token, house.line_number, find, redact)

    @property
    def cues(self) -> LineCues:
        """What callers of stories, who speak English, listen for."""
        return story_cues(self.house.scripts[BUNDLED])

    def make(self, key: StoryKey, caller: str, organisation: str) -> Props:
        """A key made for training. Raises StoryFailed."""
        wanted = KeyWanted(key.product, key.channel, key.allowed, key.used, key.programme, caller, organisation)
        made = self._make(wanted)
        fact = StoryContact(made.agreement, made.contact, caller, made.fact_serial, made.fact_left)
        return Props(made.text, made.serial, fact if made.agreement else None)

    def media_key(self, product: str) -> str:
        """A key made for training that installs this product."""
        return self._make(KeyWanted(product, "mak", 1, 0, "", "", "")).text

    def _make(self, wanted: KeyWanted) -> KeyMade:
        house = self.house
        workshop = Workshop(house.catalogue, house.secrets, randomness.randbelow)
        try:
            return house.store.transaction(lambda tx: make_key(tx, workshop, wanted, self.house.clock()))
        except NoProps as missing:
            raise StoryFailed(str(missing)) from None

    def count(self, serial: int) -> Count:
        """The key's count now."""
        key = self.house.store.read(lambda tx: tx.keys.get(serial))
        if key is None:
            raise StoryFailed(f"There is no key number {serial}.")
        return Count(key.record.used, key.record.allowed)

    def hire(self, role: StoryRole) -> StoryAccount:
        """An account for somebody in the story."""
        password = story_people.new_password()
        agent = act(self.house, lambda tx, acting: story_people.hire(tx, acting, Role(role.value), password))
        return StoryAccount(agent.name, agent.full_name, password, agent.phone)

    def dismiss(self, name: str) -> None:
        """Closes the account."""
        act(self.house, lambda tx, acting: story_people.dismiss(tx, acting, name))

    def invite(self, contact: str) -> str:
        """A one-time link into the portal."""
        token = randomness.token_urlsafe(24)
        act(self.house, lambda tx, acting: accounts.invite(tx, acting, contact, token))
        return f"/portal/link/{token}"

    def mark(self, call_sid: str, story: int) -> None:
        """Says of a call that a simulated caller makes it."""
        self.house.store.transaction(lambda tx: tx.training.mark_call(call_sid, story, self.house.clock()))

    def call_by_voice(self, workstation: str, show: Callable[[str], None]) -> None:
        """The demo's caller, who speaks, about this workstation. Raises ClickException where the call goes another way."""
        house = self.house
        watch(house, house.instance.exchange_address.read, DemoComputer(house, workstation), by_voice=True, show=show)
