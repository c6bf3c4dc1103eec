"""Documents in the style of Twilio's public samples, in every verb: each is read without a notice.

They are our own; the shapes are those of the pages on https://www.twilio.com/docs/voice/twiml.
"""

import pytest

from pbx.document import parse_twiml
from pbx.vocabulary import CALL_VERBS, HOLD_VERBS, WAIT_VERBS, WHISPER_VERBS

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

CALLS = [
    "<Say>Hello, world.</Say>",
    '<Say voice="woman" language="fr-FR" loop="2">Bonjour !</Say>',
    '<Say voice="Polly.Joanna">Hi<break strength="x-weak" time="100ms"/><emphasis level="moderate">there</emphasis></Say>',
    '<Say voice="Google.en-US-Wavenet-D"><prosody volume="-6dB" rate="85%" pitch="-10%">slowly</prosody></Say>',
    '<Say voice="Polly.Mathieu"><say-as interpret-as="date" format="mdy">10/11/2026</say-as> <sub alias="hertz">Hz</sub></Say>',
    '<Say voice="Polly.Joanna"><lang xml:lang="fr-FR">oui</lang> <phoneme alphabet="ipa" ph="x">y</phoneme> <w role="a">b</w></Say>',
    '<Say voice="alice" language="pt-BR">Olá</Say><Pause length="2"/><Say>And bye.</Say>',
    "<Play>https://demo.example.com/cowbell.mp3</Play>",
    '<Play loop="10">https://demo.example.com/cowbell.mp3</Play>',
    '<Play digits="wwww3"/>',
    '<Play loop="0">/hold.wav</Play>',
    '<Pause length="5"/><Reject/>',
    '<Reject reason="busy"/>',
    "<Hangup/>",
    "<Redirect>http://www.example.com/nextInstructions</Redirect>",
    '<Dial>415-123-4567</Dial><Redirect method="POST">../nextInstructions</Redirect>',
    '<Gather input="speech dtmf" timeout="3" numDigits="1"><Say>Press 1 or say sales.</Say></Gather>',
    '<Gather action="/process_gather.php" method="GET"><Say>Enter your account number, then pound.</Say></Gather>'
    "<Say>We did not receive any input. Goodbye!</Say>",
    '<Gather input="speech" action="/completed" partialResultCallback="/partial" hints="this is a phrase, another"/>',
    '<Gather input="speech" language="en-US" speechModel="googlev2_telephony_short" speechTimeout="2" enhanced="true"/>',
    '<Gather finishOnKey="*" actionOnEmptyResult="true" profanityFilter="false" bargeIn="true"><Play>/q.mp3</Play><Pause/></Gather>',
    "<Record/>",
    '<Record timeout="10" maxLength="30" finishOnKey="*" playBeep="true" action="/handleRecording" method="GET"/>',
    '<Record recordingStatusCallback="https://www.example.com/cb" recordingStatusCallbackEvent="in-progress completed"/>',
    "<Dial>+14155551234</Dial><Say>Goodbye</Say>",
    '<Dial action="/handleDialCallStatus" method="GET">415-123-4567</Dial><Say>I am unreachable</Say>',
    '<Dial callerId="+15551112222"><Number>+15558675310</Number></Dial>',
    '<Dial record="record-from-ringing-dual" timeout="10"><Number>1</Number></Dial>',
    '<Dial><Number sendDigits="wwww1928">415-123-4567</Number></Dial>',
    "<Dial><Number>858-987-6543</Number><Number>415-123-4567</Number><Number>619-765-4321</Number></Dial>",
    '<Dial><Number url="/screen" statusCallbackEvent="initiated ringing answered completed" statusCallback="https://x.example/cb" '
    'statusCallbackMethod="POST">+12349013030</Number></Dial>',
    '<Dial timeout="10" hangupOnStar="true" timeLimit="60" answerOnBridge="true" ringTone="us"><Client>alice</Client></Dial>',
    '<Dial><Client><Identity>user_jane</Identity><Parameter name="FirstName" value="Jane"/></Client></Dial>',
    "<Dial><Client>jenny</Client><Number>+12065550111</Number><Sip>sip:kate@example.com</Sip></Dial>",
    '<Dial sequential="true"><Number>+12065550111</Number><Number>+12065550112</Number></Dial>',
    '<Dial><Sip username="admin" password="1234">sip:kate@example.com?x-customer=7&amp;x-case=2</Sip></Dial>',
    "<Dial><Sip>sip:jack@example.com;transport=tcp</Sip></Dial>",
    '<Dial><Queue url="about_to_connect.xml" method="GET">support</Queue></Dial>',
    "<Dial><Conference>Room 1234</Conference></Dial>",
    '<Dial><Conference startConferenceOnEnter="true" endConferenceOnExit="true" muted="false" beep="onEnter" waitUrl="" '
    'maxParticipants="10" statusCallback="https://x.example/events" statusCallbackEvent="start end join leave mute hold">x'
    "</Conference></Dial>",
    '<Enqueue waitUrl="wait-music.xml">support</Enqueue>',
    '<Enqueue action="/after" method="POST" waitUrl="https://twimlets.example/holdmusic?Bucket=x" waitUrlMethod="GET">s</Enqueue>',
    '<Connect><Stream url="wss://mystream.example.com/audiostream"><Parameter name="a" value="b"/></Stream></Connect>',
    '<Start><Stream name="Example Audio Stream" url="wss://mystream.example.com/audio" track="both_tracks"/></Start>',
    '<Stop><Stream name="Example Audio Stream"/></Stop>',
    "<!-- a comment --><Say>Hello</Say><?target instruction?>",
    "<Say><![CDATA[Tom & Jerry]]></Say>",
]


@pytest.mark.parametrize("sample", CALLS)
def test_a_call_s_sample_is_read_without_a_notice(sample):
    document = parse_twiml(f"{HEAD}<Response>\n  {sample}\n</Response>".encode(), "https://centre.test/voice", CALL_VERBS)
    assert document.verbs
    assert document.notices == ()


@pytest.mark.parametrize(
    ("sample", "vocabulary"),
    [
        ("<Say>You are number one.</Say><Play>/hold.mp3</Play><Leave/>", WAIT_VERBS),
        (
            '<Gather numDigits="1" action="/leave"><Say>Press 1 to be called back.</Say></Gather><Redirect>/wait</Redirect>',
            WAIT_VERBS,
        ),
        ("<Play>/a.wav</Play><Say>Please hold.</Say><Pause length='3'/>", HOLD_VERBS),
        (
            '<Gather action="/screened" numDigits="1"><Say>Press any key to take the call.</Say></Gather><Hangup/>',
            WHISPER_VERBS,
        ),
    ],
)
def test_a_sample_of_another_part_is_read_without_a_notice(sample, vocabulary):
    document = parse_twiml(f"{HEAD}<Response>{sample}</Response>".encode(), "https://centre.test/part", vocabulary)
    assert document.notices == ()


@pytest.mark.parametrize(
    "newer",
    [
        "<Pay/>",
        "<Sms>Hello</Sms>",
        "<Refer><Sip>sip:a@b</Sip></Refer>",
        "<Prompt/>",
        "<Echo/>",
        "<Siprec/>",
        '<Connect><ConversationRelay url="wss://x.example/"/></Connect>',
        "<Start><Transcription/></Start>",
    ],
)
def test_what_this_exchange_does_not_do_is_a_warning_and_the_call_goes_on(play, warned, newer):
    assert (play(newer + "<Say>after</Say>").said, warned()) == (["after"], [12200])
