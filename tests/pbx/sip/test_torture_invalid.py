"""RFC 4475, section 3.1.2: messages that are wrong. Rebuilt from the RFC, by their names there."""

import pytest

SDP = """v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.3
s=-
c=IN IP4 192.0.2.4
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"""

INVITE = """INVITE sip:user@example.com SIP/2.0
To: sip:j.user@example.com
From: sip:caller@example.net;tag=134161461246
Max-Forwards: 7
Call-ID: badinv01.0ha0isndaksdjasdf3234nas
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw
Contact: "Joe" <sip:joe@example.org>
Content-Length: *
Content-Type: application/sdp

"""

OPTIONS = """OPTIONS sip:remote-target@example.com SIP/2.0
Via: SIP/2.0/UDP host1.examle.com;branch=z9hG4bK299342093
To: <sip:remote-target@example.com>
From: <sip:local-resource@example.com>;tag=329429089
Call-ID: trws.oicu34958239neffasdhr2345r
Accept: application/sdp
CSeq: 238923 OPTIONS
Max-Forwards: 70
Content-Length: 0

"""

REGISTER = """REGISTER sip:example.com SIP/2.0
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342sdfoi3
To: <sip:user@example.com>
From: <sip:user@example.com>;tag=239232jh3
CSeq: 36893488147419103232 REGISTER
Call-ID: scalar02.23o0pd9vanlq3wnrlnewofjas9ui32
Max-Forwards: 300
Expires: 1000000000000000000000000000000000000000000000000000000000000
Contact: <sip:user@host129.example.com>;expires=280297596632815
Content-Length: 0

"""

BIG_RESPONSE = """SIP/2.0 503 Service Unavailable
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129
To: <sip:user@example.com>
From: <sip:other@example.net>;tag=2easdjfejw
CSeq: 9292394834772304023312 OPTIONS
Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
Retry-After: 949302838503028349304023988
Warning: 1812 overture "In Progress"
Content-Length: 0

"""

BIG_CODE = """SIP/2.0 4294967301 better not break the receiver
Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
Call-ID: bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i
CSeq: 353494 INVITE
From: <sip:user@example.com>;tag=39ansfi3
To: <sip:user@example.edu>;tag=902jndnke3
Content-Length: 0
Contact: <sip:user@host105.example.com>

"""


def but(text: str, right: str, wrong: str) -> str:
    assert right in text
    return text.replace(right, wrong, 1)


MESSAGES = {
    "badinv01": (
        but(but(INVITE, ";branch=z9hG4bKkdjuw", ";;,;,,"), "<sip:joe@example.org>", "<sip:joe@example.org>;;;;"),
        SDP,
        400,
    ),
    "clerr": (but(INVITE, "Content-Length: *", "Content-Length: 9999"), SDP, 400),
    "ncl": (but(INVITE, "Content-Length: *", "Content-Length: -999"), SDP, 400),
    "scalar02": (REGISTER, "", 400),
    "scalarlg": (BIG_RESPONSE, "", None),
    "quotbal": (but(INVITE, "To: sip:j.user@example.com", 'To: "Mr. J. User <sip:j.user@example.com>'), SDP, 400),
    "ltgtruri": (but(INVITE, "INVITE sip:user@example.com", "INVITE <sip:user@example.com>"), SDP, 400),
    "lwsruri": (but(INVITE, "INVITE sip:user@example.com", "INVITE sip:user@example.com; lr"), SDP, 400),
    "lwsstart": (but(INVITE, "INVITE sip:user@example.com SIP", "INVITE  sip:user@example.com  SIP"), SDP, 400),
    "trws": (but(OPTIONS, "SIP/2.0\nVia", "SIP/2.0  \nVia"), "", 400),
    "escruri": (but(INVITE, "user@example.com SIP", "user@example.com?Route=%3Csip:example.com%3E SIP"), SDP, 180),
    "baddate": (but(INVITE, "Max-Forwards", "Date: Fri, 01 Jan 2010 16:00:00 EST\nMax-Forwards"), SDP, 180),
    "regbadct": (
        but(but(REGISTER, "36893488147419103232", "9"), "Max-Forwards: 300", "Max-Forwards: 70").replace(
            "<sip:user@host129.example.com>", "sip:user@example.com?Route=%3Csip:sip.example.com%3E"
        ),
        "",
        401,
    ),
    "badaspec": (but(OPTIONS, "<sip:remote-target@example.com>", '"Watson, Thomas" < t.watson@example.org >'), "", 400),
    "baddn": (but(OPTIONS, "<sip:local-resource@example.com>", "Bell, Alexander <sip:a.g.bell@example.com>"), "", 400),
    "badvers": (but(OPTIONS, "SIP/2.0\nVia: SIP/2.0", "SIP/7.0\nVia: SIP/7.0"), "", 505),
    "mismatch01": (but(OPTIONS, "238923 OPTIONS", "8 INVITE"), "", 400),
    "mismatch02": (but(but(OPTIONS, "OPTIONS sip", "NEWMETHOD sip"), "238923 OPTIONS", "8 INVITE"), "", 400),
    "bigcode": (BIG_CODE, "", None),
}
"""Each with its body and its answer. Where the RFC lets an element be generous, this one is: it reads over escaped headers in
a Request-URI and a Date it never looks at. A bad contact is told only to who may register."""


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_is_wrong_is_refused_and_the_next_call_served(tortured, name):
    text, body, code = MESSAGES[name]
    tortured(text, body, code)
