"""The policy as people set it: the name, unit, bounds and meaning of every number of `[policy]` in settings.toml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from callcenter.floor.policy import Policy

_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PolicySetting:
    """One whole number of the policy: `name` in the file, the field of `Policy` it sets, and the unit of a length of time."""

    name: str
    field: str
    least: int
    most: int
    words: str
    unit: timedelta | None = None

    def written(self, policy: Policy) -> int:
        """The number as it stands in the file."""
        value: Any = getattr(policy, self.field)
        return int(value if self.unit is None else value // self.unit)

    def value(self, number: int) -> int | timedelta:
        """What the policy keeps for this number."""
        return number if self.unit is None else number * self.unit


POLICY_SETTINGS = (
    PolicySetting("small_raise_percent", "small_raise_percent", 0, 100, "A raise needs no second person up to so many percent"),
    PolicySetting("small_raise_count", "small_raise_count", 0, 10_000, "or up to so many activations, if that is more"),
    PolicySetting("window_days", "window", 1, 366, "Days over which the raises of one count are added up", _DAY),
    PolicySetting("approval_expires_hours", "approval_expires_after", 1, 720, "Hours until a held request expires", _HOUR),
    PolicySetting("exceptions_alone", "exceptions_alone", 0, 100, "Exceptions for one key that need no second person"),
    PolicySetting("exception_window_days", "exception_window", 1, 366, "Days over which those exceptions are counted", _DAY),
    PolicySetting(
        "wrong_numbers_before_lock",
        "wrong_numbers_before_lock",
        1,
        100,
        "Wrong agreement numbers or failed verifications that lock a case or an agreement",
    ),
    PolicySetting("lock_window_hours", "lock_window", 1, 720, "Hours over which those are counted", _HOUR),
    PolicySetting(
        "distrust_changed_phone_days",
        "distrust_changed_phone",
        0,
        366,
        "Days for which a contact's changed number is not called back",
        _DAY,
    ),
    PolicySetting(
        "answer_target_seconds", "answer_target_seconds", 1, 3600, "Seconds within which a waiting caller is answered"
    ),
    PolicySetting("answer_target_percent", "answer_target_percent", 1, 100, "Service level: so many calls in a hundred"),
    PolicySetting(
        "lost_after_seconds",
        "lost_after",
        10,
        600,
        "Seconds of a silent page after which an agent is lost and the caller goes back to the head of the queue",
        _SECOND,
    ),
)


def read_policy(raw: Mapping[str, Any]) -> Policy:
    """The policy that a `[policy]` section makes; what it leaves out keeps its default. Raises ValueError with a sentence."""
    by_name = {setting.name: setting for setting in POLICY_SETTINGS}
    if unknown := sorted(raw.keys() - by_name.keys()):
        raise ValueError(f"[policy] has no setting {unknown[0]!r}; its settings are {', '.join(by_name)}.")
    return Policy(**{by_name[name].field: _checked(by_name[name], value) for name, value in raw.items()})


def policy_section() -> str:
    """A `[policy]` section for a new settings.toml: every default, commented out under the words that explain it."""
    return "".join(_lines(Policy()))


def _lines(policy: Policy) -> Iterator[str]:
    yield "[policy]\n# What one person may do alone, and when a second is needed. Take the # away to change a number.\n"
    for setting in POLICY_SETTINGS:
        yield f"# {setting.words}\n# {setting.name} = {setting.written(policy)}\n"


def _checked(setting: PolicySetting, number: object) -> Any:
    if not isinstance(number, int) or isinstance(number, bool) or not setting.least <= number <= setting.most:
        raise ValueError(
            f"{setting.name} in [policy] must be a whole number from {setting.least} to {setting.most}, "
            f"such as {setting.written(Policy())}."
        )
    return setting.value(number)
