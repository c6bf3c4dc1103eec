"""Words for the changes that people ask for and where these stand, as the console and the portal say them."""

from collections.abc import Mapping

from callcenter.floor.requests import Change, Counter, Request, RequestStatus

STATUS_TITLES: Mapping[RequestStatus, str] = {
    RequestStatus.HELD: "waits for approval",
    RequestStatus.APPLIED: "applied",
    RequestStatus.REFUSED: "refused",
    RequestStatus.EXPIRED: "expired",
    RequestStatus.FAILED: "no longer possible",
}
STATUS_CLASSES: Mapping[RequestStatus, str] = {
    RequestStatus.HELD: "warn",
    RequestStatus.APPLIED: "good",
    RequestStatus.REFUSED: "bad",
    RequestStatus.EXPIRED: "muted",
    RequestStatus.FAILED: "bad",
}
COUNTER_TITLES: Mapping[Counter | None, str] = {
    None: "the count",
    Counter.INSTALLATIONS: "the activations",
    Counter.HOSTS: "the KMS hosts",
    Counter.HOST_ISSUES: "the activations of one KMS host",
}


def request_title(request: Request) -> str:
    """What a request would change, short enough for a list."""
    counter = COUNTER_TITLES[request.counter]
    match request.change:
        case Change.RAISE:
            return f"Raise {counter} by {request.amount}"
        case Change.LOWER:
            return f"Lower {counter} to {request.amount}"
        case Change.BLOCK:
            return "Block the key"
        case Change.UNBLOCK:
            return "Unblock the key"
        case Change.NEW_KEY:
            return "New key"
        case Change.EXCEPTION:
            return "Exception for one activation"
