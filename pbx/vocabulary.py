"""Which verbs may stand in which document: a call's own, a queued caller's, and that of someone a conference keeps waiting."""

from pbx.reading import Vocabulary
from pbx.verbs.dial import Dial
from pbx.verbs.enqueue import Enqueue
from pbx.verbs.gather import Gather
from pbx.verbs.hangup import Hangup
from pbx.verbs.leave import Leave
from pbx.verbs.pause import Pause
from pbx.verbs.play import Play
from pbx.verbs.redirect import Redirect
from pbx.verbs.reject import Reject
from pbx.verbs.say import Say

WAIT_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Play": Play.parse,
    "Pause": Pause.parse,
    "Gather": Gather.parse,
    "Redirect": Redirect.parse,
    "Hangup": Hangup.parse,
    "Leave": Leave.parse,
}
"""Source: https://www.twilio.com/docs/voice/twiml/enqueue#waiturl."""

HOLD_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Play": Play.parse,
    "Pause": Pause.parse,
    "Redirect": Redirect.parse,
}
"""Source: https://www.twilio.com/docs/voice/twiml/conference#attributes-waitUrl; holdUrl and announceUrl take the same."""

CALL_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Play": Play.parse,
    "Pause": Pause.parse,
    "Gather": Gather.parse,
    "Redirect": Redirect.parse,
    "Hangup": Hangup.parse,
    "Dial": Dial.parse,
    "Enqueue": Enqueue.parse,
    "Reject": Reject.parse,
}
