"""Requests that come again, limits of an address, languages and geography of one request."""

from datetime import timedelta

import pytest

from activation.claims import AgentReason, RefusalCode
from activation.tally import ASK_FIRST
from callcenter.service.activation.reading import Wrong
from callcenter.service.activation.sentences import language_for, load_sentences
from callcenter.service.activation.wording import REQUEST_ID_REUSED, TOO_MANY_REQUESTS
from callcenter.service.problems import BUSY, FAULTS

RETAIL, MSDN, MAK, REGIONAL = 1, 3, 4, 8
GERMAN, AMERICAN, SWISS, NOWHERE = "198.51.100.7", "192.0.2.7", "198.51.100.200", "203.0.113.7"


def test_the_same_request_gets_the_same_answer_and_is_decided_once(web) -> None:
    first, again = (web.ask(MAK, request_id="once") for _ in range(2))
    assert first.data == again.data
    assert web.used(MAK) == 1
    assert web.count() == 1


def test_how_the_json_is_written_makes_no_difference(web) -> None:
    body = f'{{"installation_id": "{web.shows(MAK)}",   "request_id": "once", "computers": null}}'
    first = web.ask(MAK, request_id="once")
    assert web.client.post("/activate", data=body, content_type="application/json").data == first.data


def test_a_refusal_is_the_same_again_too(web) -> None:
    assert [web.post(request_id="no", installation_id="1").status_code for _ in range(2)] == [422, 422]
    assert web.count() == 1


@pytest.mark.parametrize("path", ["/activate", "/activate/batch"])
def test_a_request_id_for_something_else_is_refused(web, path: str) -> None:
    web.ask(MAK, request_id="once")
    other = {"installation_id": web.shows(MAK, "other")}
    body = other if path == "/activate" else {"rows": [{"row_id": "1", **other}]}
    answer = web.post(path, request_id="once", **body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "request_id_reused")
    assert web.used(MAK) == 1


def test_an_answer_is_erased_in_time_and_the_request_decided_anew(web, store) -> None:
    web.ask(MAK, request_id="once")
    assert store.transaction(lambda tx: tx.web_answers.erase_before(web.now)) == 0
    assert store.transaction(lambda tx: tx.web_answers.erase_before(web.now + timedelta(seconds=1))) == 1
    assert web.ask(MAK, request_id="once").get_json()["counted"] is False


def test_an_address_that_asks_too_often_is_told_when_to_come_again(make_web) -> None:
    web = make_web(requests_per_minute=3)
    assert [web.ask(MSDN, "one", seen=GERMAN).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = web.ask(MSDN, "one", seen=GERMAN)
    assert refused.get_json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert web.ask(MSDN, "one", seen=AMERICAN).status_code == 200
    web.turn(seconds=61)
    assert web.ask(MSDN, "one", seen=GERMAN).status_code == 200


def test_an_address_that_changes_within_its_network_is_the_same_asker(make_web) -> None:
    web = make_web(requests_per_minute=2)
    seen = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3", "2001:db8:1:3::1", "192.0.2.1", "::ffff:192.0.2.1"]
    assert [web.ask(MSDN, "one", seen=address).status_code for address in seen] == [200, 200, 429, 200, 200, 200]
    assert web.ask(MSDN, "one", seen="192.0.2.1").status_code == 429, "and of the old kind every address is one"
    assert web.ask(MSDN, "one", seen="192.0.2.2").status_code == 200


def test_the_address_is_the_one_that_the_proxy_in_front_saw(web) -> None:
    body = {"request_id": "a", "installation_id": web.shows(REGIONAL)}
    headers = {"X-Forwarded-For": f"{GERMAN}, {AMERICAN}"}
    assert web.client.post("/activate", json=body, headers=headers).get_json()["code"] == "region"


def test_a_region_bound_edition_is_refused_from_elsewhere(web) -> None:
    # row 24: with a geography reason
    refused = web.ask(REGIONAL, seen=AMERICAN)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "region")
    assert "does not activate in the country or region" in refused.get_json()["detail"]
    assert refused.get_json()["phone_number"] == "+18005550199"
    assert web.used(REGIONAL) == 0
    assert web.ask(REGIONAL, seen=GERMAN).status_code == 200


@pytest.mark.parametrize(
    ("seen", "told", "status"),
    [
        ("127.0.0.1", AMERICAN, 403),  # a simulated computer on this machine: the example address counts
        ("::1", "2001:db8::1", 200),
        (AMERICAN, GERMAN, 403),  # nobody else can say where they are
        (SWISS, None, 200),  # the smallest network around an address
        (f"::ffff:{AMERICAN}", None, 403),
        (NOWHERE, None, 200),
        ("127.0.0.1", None, 200),
    ],
)
def test_the_country_is_that_of_the_address_that_was_seen(web, seen: str, told: str | None, status: int) -> None:
    # row 24
    assert web.ask(REGIONAL, seen=seen, **({"ip_address": told} if told else {})).status_code == status


def test_the_same_failure_is_said_in_the_askers_language(web) -> None:
    # row 23: two languages, two messages
    english = web.post(request_id="a", installation_id="1", language="en-US")
    german = web.post(request_id="b", installation_id="1", language="de-AT")
    assert english.get_json()["detail"].startswith("This is not an installation ID.")
    assert german.get_json()["detail"].startswith("Das ist keine Installations-ID.")
    assert (english.headers["Content-Language"], german.headers["Content-Language"]) == ("en", "de")
    assert english.get_json()["code"] == german.get_json()["code"]


@pytest.mark.parametrize(
    ("language", "accept", "spoken"),
    [(None, "fr-CH, de;q=0.5", "fr"), ("sv", "es", "es"), ("sv", "ja", "en"), (None, "", "en"), ("ES", "de", "es")],
)
def test_the_language_is_the_systems_else_the_first_that_is_accepted(
    web, language: str | None, accept: str, spoken: str
) -> None:
    # row 23
    answer = web.post(request_id="a", installation_id="1", accept=accept, **({"language": language} if language else {}))
    assert answer.headers["Content-Language"] == spoken


def test_a_request_that_cannot_be_read_is_refused_in_the_accepted_language(web) -> None:
    # row 23
    assert web.post(accept="es").get_json()["detail"].startswith("A la solicitud le falta el campo request_id.")


def test_where_the_line_begins_in_a_language_without_sentences_the_answer_is_english() -> None:
    assert language_for(None, [], "it") == "en"
    assert language_for("it-CH", ["pt", "fr-CH"], "it") == "fr"


def test_every_language_has_every_sentence_and_no_other() -> None:
    wanted = {each.value for kind in (RefusalCode, AgentReason, Wrong) for each in kind}
    wanted |= {ASK_FIRST, TOO_MANY_REQUESTS, REQUEST_ID_REUSED, BUSY, *FAULTS.values()}
    languages = load_sentences()
    assert set(languages) == {"en", "de", "fr", "es"}
    assert {code: set(sentences) for code, sentences in languages.items()} == dict.fromkeys(languages, wanted)


def test_every_sentence_is_its_languages_own_and_says_the_same_facts() -> None:
    languages = load_sentences()
    for code, english in languages["en"].items():
        said = {sentences[code] for sentences in languages.values()}
        assert len(said) == len(languages), code
        for place in ("{group}", "{right}", "{field}"):
            assert {place in sentence for sentence in said} == {place in english}, code
