"""Search: whatever a caller can read out leads somewhere, and no key ever stands in an address or on a page."""

from datetime import datetime
from typing import Any

import pytest

from activation.catalogue import Catalogue
from activation.keys import write_key
from activation.secrets import Secrets
from data.demo import load_demo
from data.store import Store

FOREIGN = "-".join(["B4DK3", "Y7QWR", "PLM2X", "T9VBN", "C6HJK"])


@pytest.fixture(autouse=True)
def demo(console: Any, store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> None:
    """Agreements, keys and machines to be found."""
    load_demo(store, catalogue, secrets, lambda: "first password", now)


def key_text(console: Any, serial: int) -> str:
    key = console.store.read(lambda tx: tx.keys.get(serial))
    return write_key(key.key, console.centre.secrets)


def ask(console: Any, words: str) -> Any:
    """What a person does: type, press Search, arrive."""
    browser = console.signed_in("amira")
    answer = browser.send("/console/search", form_on="/console/search", q=words)
    return browser.get(answer.location) if answer.status_code == 303 else answer


def test_a_case_and_its_call_lead_to_the_case(console: Any) -> None:
    entry = console.arrive("agent.three_bad_groups")
    for words in (entry.case_number, f" {entry.case_number[:3]} {entry.case_number[3:]} ", entry.call_sid):
        page = ask(console, words)
        assert f'/console/calls/{entry.case_number}"' in page.text
        assert "three bad groups" in page.text


def test_a_key_is_found_by_serial_last_block_and_whole_and_shown_masked(console: Any) -> None:
    text = key_text(console, 3001)
    for words in ("3001", text[-5:], text[-5:].lower(), text, text.lower().replace("-", " ")):
        page = ask(console, words)
        assert '/console/keys/3001"' in page.text, words
        assert text not in page.text
        assert text[-5:] in page.text
    assert text not in page.request.url


@pytest.mark.parametrize("words", [FOREIGN, f"please find {FOREIGN}", FOREIGN.replace("-", "")])
def test_a_foreign_key_is_refused_unread_and_never_repeated(console: Any, words: str) -> None:
    page = ask(console, words)
    assert page.status_code == 422
    assert "It was not read" in page.text
    assert not any(block in page.text for block in FOREIGN.split("-"))


def test_an_id_is_not_looked_up_and_stands_in_no_address(console: Any) -> None:
    page = ask(console, "123456 " * 9)
    assert page.status_code == 422
    assert "IDs are kept nowhere" in page.text
    assert "123456" not in page.text


@pytest.mark.parametrize("words", ["IID " + "123456 " * 9, "IID: " + "123456-" * 9, "the ID is " + "123456x" * 9])
def test_an_id_among_other_words_stands_in_no_address_either(console: Any, words: str) -> None:
    browser = console.signed_in("amira")
    for answer in (
        browser.send("/console/search", form_on="/console/search", q=words),
        browser.get("/console/search", query_string={"q": words}),
        browser.get("/console/agreements", query_string={"q": words}),
    ):
        assert answer.status_code == 422
        assert answer.location is None
        assert "IDs are kept nowhere" in answer.text
        assert "123456" not in answer.text


def test_a_whole_key_among_other_words_goes_on_under_its_serial(console: Any) -> None:
    text = key_text(console, 3001)
    answer = console.signed_in("amira").send("/console/search", form_on="/console/search", q=f"my key {text}, please")
    assert answer.location == "/console/search?q=3001"


def test_a_key_sought_among_the_agreements_is_not_repeated(console: Any) -> None:
    browser, text = console.signed_in("amira"), key_text(console, 3001)
    refused = browser.get(f"/console/agreements?q={FOREIGN}")
    assert (refused.status_code, FOREIGN in refused.text) == (422, False)
    assert "It was not read" in refused.text
    assert browser.get(f"/console/agreements?q={text}").location == "/console/agreements?q=3001"


def test_a_key_in_an_address_is_led_to_its_serial(console: Any) -> None:
    text = key_text(console, 3001)
    browser = console.signed_in("amira")
    assert browser.get(f"/console/search?q={text}").location == "/console/search?q=3001"
    assert browser.get(f"/console/search?q={FOREIGN}").status_code == 422


@pytest.mark.parametrize("words", ["40718621", "4071 8621", "larkspur", "VETERINARY"])
def test_an_agreement_is_found_by_number_or_part_of_the_name(console: Any, words: str) -> None:
    assert '/console/agreements/40718621"' in ask(console, words).text


def test_a_machine_is_found_by_the_end_of_its_hash(console: Any) -> None:
    (host, *_) = console.store.read(lambda tx: tx.keys.hosts(3004, 1))
    for words in (host.hardware_tail, host.hardware_tail.upper()):
        page = ask(console, words).text
        assert f"…{host.hardware_tail}" in page
        assert '/console/keys/3004"' in page


@pytest.mark.parametrize("words", ["zzzz", "999999", "CA" + "0" * 32, "<script>alert(1)</script>", "a", "%"])
def test_what_is_not_there_is_said(console: Any, words: str) -> None:
    page = ask(console, words).text
    assert "Nothing fits" in page
    assert "<script>alert" not in page


def test_nothing_asked_shows_what_can_be_asked(console: Any) -> None:
    page = ask(console, "")
    assert "What can be searched for" in page.text
    assert "Nothing fits" not in page.text
