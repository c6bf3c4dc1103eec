"""RFC 4475, sections 3.2 to 3.4: messages that parse, and mean something odd. Rebuilt from the RFC, by their names there."""

import pytest

SDP = """v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.5
s=-
c=IN IP4 192.0.2.5
t=0 0
m=audio 49217 RTP/AVP 0
"""

OPTIONS = """OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: sip:caller@example.org;tag=33242
Max-Forwards: 3
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw
Accept: application/sdp
Call-ID: badbranch.sadonfo23i420jv0as0derf3j3n
CSeq: 8 OPTIONS
l: 0

"""

REGISTER = """REGISTER sip:example.com SIP/2.0
To: sip:watson@example.com
From: sip:watson@example.com;tag=838293
Max-Forwards: 70
Call-ID: cparam01.70710@saturn.example.com
CSeq: 3 REGISTER
Via: SIP/2.0/UDP saturn.example.com:5060;branch=z9hG4bKkdjuw
Contact: sip:+19725552222@gw1.example.net;unknownparam
l: 0

"""

INVITE = """INVITE sip:user@example.com SIP/2.0
Contact: <sip:caller@host5.example.net>
To: sip:j.user@example.com
From: sip:caller@example.net;tag=8392034
Max-Forwards: 70
Call-ID: invut.0ha0isndaksdjadsfij34n23d
CSeq: 235448 INVITE
Via: SIP/2.0/UDP somehost.example.com;branch=z9hG4bKkdjuw
Content-Type: application/sdp
Content-Length: *

"""

INSUF = """INVITE sip:user@example.com SIP/2.0
CSeq: 193942 INVITE
Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf
Content-Type: application/sdp
l: *

"""

MULTI01 = """INVITE sip:user@company.com SIP/2.0
Contact: <sip:caller@host25.example.net>
Via: SIP/2.0/UDP 192.0.2.25;branch=z9hG4bKkdjuw
Max-Forwards: 70
CSeq: 5 INVITE
Call-ID: multi01.98asdh@192.0.2.1
CSeq: 59 INVITE
Call-ID: multi01.98asdh@192.0.2.2
From: sip:caller@example.com;tag=3413415
To: sip:user@example.com
To: sip:other@example.net
From: sip:caller@example.net;tag=2923420123
Content-Type: application/sdp
l: *
Contact: <sip:caller@host36.example.net>
Max-Forwards: 5

"""

BCAST = """SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23
Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf
CSeq: 35 INVITE
From: sip:user@example.com;tag=11141343
To: sip:user@example.edu;tag=2229
Content-Length: *
Content-Type: application/sdp
Contact: <sip:user@host28.example.com>

"""

INV2543 = """INVITE sip:UserB@example.com SIP/2.0
Via: SIP/2.0/UDP iftgw.example.com
From: <sip:+13035551111@ift.client.example.net;user=phone>
Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
To: sip:+16505552222@ss1.example.net;user=phone
Call-ID: inv2543.1717@ift.client.example.com
CSeq: 56 INVITE
Content-Type: application/sdp

"""


def but(text: str, right: str, wrong: str) -> str:
    assert right in text
    return text.replace(right, wrong, 1)


UNKNOWN_EXTENSIONS = "Require: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis\nl: 0"

MESSAGES = {
    "badbranch": (but(OPTIONS, "z9hG4bKkdjuw", "z9hG4bK"), "", 200),
    "insuf": (INSUF, SDP, 400),
    "unkscm": (but(OPTIONS, "OPTIONS sip:user@example.com", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent"), "", 416),
    "novelsc": (but(OPTIONS, "OPTIONS sip:user@example.com", "OPTIONS soap.beep://192.0.2.103:3002"), "", 416),
    "unksm2": (
        REGISTER.replace("To: sip:watson@example.com", "To: isbn:2983792873")
        .replace("From: sip:watson@example.com", "From: <http://www.example.com>")
        .replace("sip:+19725552222@gw1.example.net", "<name:John_Smith>"),
        "",
        400,
    ),
    "bext01": (but(OPTIONS, "l: 0", UNKNOWN_EXTENSIONS), "", 420),
    "invut": (but(INVITE, "application/sdp", "application/unknownformat"), '<audio>\n <pcmu port="443"/>\n</audio>\n', 415),
    "regaut01": (but(REGISTER, "l: 0", "Authorization: NoOneKnowsThisScheme opaque-data=here\nl: 0"), "", 401),
    "multi01": (MULTI01, SDP, 400),
    "mcl01": (
        but(OPTIONS, "l: 0", "Content-Length: 13\nContent-Length: 5"),
        "There's no way to know how many octets are supposed to be here.\n",
        400,
    ),
    "bcast": (BCAST, SDP, None),
    "zeromf": (but(OPTIONS, "Max-Forwards: 3", "Max-Forwards: 0"), "", 200),
    "cparam01": (REGISTER, "", 401),
    "cparam02": (
        but(REGISTER, "sip:+19725552222@gw1.example.net;unknownparam", "<sip:+19725552222@gw1.example.net;unknownparam>"),
        "",
        401,
    ),
    "regescrt": (
        but(
            REGISTER, "sip:+19725552222@gw1.example.net;unknownparam", "<sip:user@example.com?Route=%3Csip:sip.example.com%3E>"
        ),
        "",
        401,
    ),
    "sdp01": (but(INVITE, "Content-Type", "Accept: text/nobodyKnowsThis\nContent-Type"), SDP, 406),
    "inv2543": (INV2543, SDP, 180),
}
"""Each with its body and its answer; None for a response that nobody waits for."""


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_means_something_odd_is_answered_and_the_next_call_served(tortured, name):
    text, body, code = MESSAGES[name]
    tortured(text, body, code)
