"""Short words for verdicts, for tables of counts."""

from collections.abc import Mapping

from activation.claims import AgentReason, RefusalCode
from activation.tally import ASK_FIRST

_TITLES: Mapping[str, str] = {
    ASK_FIRST: "asked on how many computers first",
    RefusalCode.MALFORMED: "no installation ID",
    RefusalCode.GROUP_CHECK: "a group not right",
    RefusalCode.WHOLE_CHECK: "groups that do not fit together",
    RefusalCode.NOT_AUTHENTIC: "an ID that no computer shows",
    RefusalCode.SERVICE_DOWN: "out of order",
    RefusalCode.UNKNOWN_KEY: "unknown key",
    RefusalCode.WRONG_PRODUCT: "key of another product",
    RefusalCode.REGION: "outside the edition’s region",
    RefusalCode.NOT_NEEDED: "no activation needed",
    RefusalCode.TOO_MANY_COMPUTERS: "on too many computers",
    RefusalCode.OVER_LIMIT: "volume key used up, on the web",
    AgentReason.BLOCKED_KEY: "blocked key",
    AgentReason.TOO_MANY_REISSUES: "many confirmation IDs in a day",
    AgentReason.TOO_MANY_REPLACEMENTS: "changed computers often",
    AgentReason.MAK_LIMIT: "volume key used up, on the telephone",
    AgentReason.KMS_HOST_LIMIT: "KMS hosts used up",
    AgentReason.KMS_ISSUE_LIMIT: "KMS host used up",
}


def verdict_title(code: str) -> str:
    """What a verdict that activates nothing is called; a code of a later version by itself."""
    return _TITLES.get(code, code)
