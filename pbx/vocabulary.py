"""Which verbs may stand in which document: a call's own, and the one a queued caller hears."""

from pbx.reading import Vocabulary
from pbx.verbs.enqueue import Enqueue
from pbx.verbs.gather import Gather
from pbx.verbs.hangup import Hangup
from pbx.verbs.leave import Leave
from pbx.verbs.pause import Pause
from pbx.verbs.redirect import Redirect
from pbx.verbs.reject import Reject
from pbx.verbs.say import Say

WAIT_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Pause": Pause.parse,
    "Gather": Gather.parse,
    "Redirect": Redirect.parse,
    "Hangup": Hangup.parse,
    "Leave": Leave.parse,
}
"""Source: https://www.twilio.com/docs/voice/twiml/enqueue#waiturl."""

CALL_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Pause": Pause.parse,
    "Gather": Gather.parse,
    "Redirect": Redirect.parse,
    "Hangup": Hangup.parse,
    "Enqueue": Enqueue.parse,
    "Reject": Reject.parse,
}
