"""Which verbs may stand in which document: a call's own, a queued caller's, and that of someone a conference keeps waiting."""

from collections.abc import Mapping

from pbx.reading import Vocabulary
from pbx.scene import Part
from pbx.verbs.connect import Connect
from pbx.verbs.dial import Dial, refuse_dial
from pbx.verbs.enqueue import Enqueue
from pbx.verbs.gather import Gather
from pbx.verbs.hangup import Hangup
from pbx.verbs.leave import Leave
from pbx.verbs.pause import Pause
from pbx.verbs.play import Play
from pbx.verbs.record import Record
from pbx.verbs.redirect import Redirect
from pbx.verbs.reject import Reject
from pbx.verbs.say import Say
from pbx.verbs.start import Start
from pbx.verbs.stop import Stop

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

WHISPER_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Play": Play.parse,
    "Pause": Pause.parse,
    "Gather": Gather.parse,
    "Redirect": Redirect.parse,
    "Hangup": Hangup.parse,
    "Dial": refuse_dial,
}
"""What a phone that has been rung hears first. Source: https://www.twilio.com/docs/voice/twiml/number#attributes-url."""

CALL_VERBS: Vocabulary = {
    "Say": Say.parse,
    "Play": Play.parse,
    "Pause": Pause.parse,
    "Gather": Gather.parse,
    "Redirect": Redirect.parse,
    "Hangup": Hangup.parse,
    "Dial": Dial.parse,
    "Enqueue": Enqueue.parse,
    "Record": Record.parse,
    "Connect": Connect.parse,
    "Start": Start.parse,
    "Stop": Stop.parse,
    "Reject": Reject.parse,
}

VERBS: Mapping[Part, Vocabulary] = {
    Part.CALL: CALL_VERBS,
    Part.WAIT: WAIT_VERBS,
    Part.HOLD: HOLD_VERBS,
    Part.WHISPER: WHISPER_VERBS,
}
