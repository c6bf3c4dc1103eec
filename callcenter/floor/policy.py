"""The centre's policy as settings: what one person may do alone, and what needs a second."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers behind approvals, locks and targets (`[policy]` of settings.toml)."""

    small_raise_percent: int = 10
    small_raise_count: int = 25
    """A raise up to the larger of both is applied at once (E4.5), added up per key over `window`."""
    window: timedelta = timedelta(days=30)
    approval_expires_after: timedelta = timedelta(hours=24)
    exceptions_alone: int = 2
    """So many exceptions per key within `exception_window` need no second person."""
    exception_window: timedelta = timedelta(days=120)
    wrong_numbers_before_lock: int = 5
    """Failed agreement numbers or verifications within `lock_window`, per case and per agreement."""
    lock_window: timedelta = timedelta(days=1)
    distrust_changed_phone: timedelta = timedelta(days=30)
    """A contact's number changed more recently than this cannot be used for the call-back (E4.2)."""
    answer_target_seconds: int = 20
    answer_target_percent: int = 80
    """The service level: so many of the calls answered within so many seconds."""
    lost_after: timedelta = timedelta(seconds=20)
    """An agent on a call whose page has not been seen for so long is lost."""
