"""What calls send: signed webhooks of callers who key in a good installation ID, ask for a person, wait, and hang up."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from clients import Turn, signed_turn

from activation.installation_id import Installation, write_installation_id
from house.instance import House

GROUPS_PER_CALL = 8
"""The ninth completes the ID and brings the desk's decision: a turn of another kind."""
WITHHELD_NUMBER = "+266696687"
IN_PROGRESS, COMPLETED = "in-progress", "completed"


@dataclass(frozen=True, slots=True)
class Calls:
    """Signed turns of calls to one port, every call new to the server and keying the same installation ID."""

    port: int
    house: House
    groups: tuple[str, ...]

    def new_sid(self) -> str:
        """As random as Twilio's, so that calls lie scattered in the index."""
        return f"CA{uuid4().hex}"

    def opening(self, sid: str) -> list[Turn]:
        """The first webhook, and the choice to activate."""
        return [self._turn(sid, "/voice", {}, "turn=1"), self._turn(sid, "/voice?turn=1", {"Digits": "1"}, "turn=2")]

    def keying(self, sid: str) -> list[Turn]:
        """One turn for every group; each is answered by the question for the next one."""
        numbered = enumerate(self.groups, start=2)
        return [self._turn(sid, f"/voice?turn={turn}", {"Digits": keys}, f"Group {turn}.") for turn, keys in numbered]

    def asking_for_person(self, sid: str, turn: int) -> Turn:
        """Star and zero, which bring the caller into the queue."""
        return self._turn(sid, f"/voice?turn={turn}", {"Digits": "*0"}, "<Enqueue")

    def waiting(self, sid: str) -> Turn:
        """A waiting caller's round of music begins."""
        return self._turn(sid, "/voice/wait", {"QueueTime": "0"}, "<Play")

    def hanging_up(self, sid: str) -> Turn:
        """The status callback; its answer is empty."""
        return self._turn(sid, "/voice/status", {}, "", COMPLETED)

    def _turn(self, sid: str, path: str, heard: Mapping[str, str], expected: str, status: str = IN_PROGRESS) -> Turn:
        standing = {"CallSid": sid, "AccountSid": self.house.account_sid, "From": WITHHELD_NUMBER, "To": self.house.line_number}
        facts = {"CallStatus": status, "Direction": "inbound", "ApiVersion": "2010-04-01"}
        return signed_turn(self.port, path, {**standing, **facts, **heard}, self.house.auth_token, expected)


def good_groups(house: House) -> tuple[str, ...]:
    """The groups that a computer shows, without the last."""
    epoch = house.secrets.epoch
    header = house.catalogue.header_for(max(house.catalogue.layouts.values(), key=lambda layout: layout.digits), epoch)
    return write_installation_id(Installation(1, 1, 0x5EED), header, house.secrets.installation_key(epoch))[:GROUPS_PER_CALL]
