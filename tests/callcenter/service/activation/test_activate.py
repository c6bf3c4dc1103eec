"""`POST /activate`: one claim over HTTP, decided as at the phone."""

import pytest

from activation.claims import AgentReason, Granted, NeedsAgent
from activation.confirmation_id import BadConfirmation, ConfirmationFault, check_confirmation_id
from activation.digits import clean_digits

RETAIL, OEM, MSDN, MAK, MAK_B, KMS, VOLUME, REGIONAL, BLOCKED, MAK_VISTA, RETAIL_2003 = range(1, 12)


def test_a_retail_key_activates_one_machine_over_the_web(web) -> None:
    # row 5: the web's route
    answer = web.ask(RETAIL)
    assert answer.status_code == 200
    said = answer.get_json()
    assert [len(block) for block in said.pop("confirmation_id")] == [6] * 8
    assert said == {
        "issue_number": 0,
        "product": "Windows 7 Home Premium",
        "counted": True,
        "remaining": None,
        "key": web.label(RETAIL)[-5:],
    }
    assert web.used(RETAIL) == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_key_over_its_limit_is_refused_with_a_reason(web) -> None:
    # rows 1, 48: on the web, the second machine is refused
    assert web.ask(RETAIL, "first").status_code == 200
    asked = web.ask(RETAIL, "second")
    assert (asked.status_code, asked.get_json()["code"]) == (409, "ask_first")
    refused = web.ask(RETAIL, "second", computers=2)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too_many_computers")
    assert "as many computers as its licence allows" in refused.get_json()["detail"]
    assert refused.get_json()["phone_number"] == "+18005550199"
    assert web.used(RETAIL) == 1


def test_an_msdn_key_with_an_extra_count_activates_further_machines(web) -> None:
    # row 48: save for special programmes
    assert [web.ask(MSDN, name).status_code for name in ("one", "two", "three")] == [200, 200, 200]
    assert web.ask(MSDN, "four").get_json()["code"] == "ask_first"


def test_a_cloned_disk_is_another_machine(web) -> None:
    # row 2: the same installation in new hardware turns up as not activated
    assert web.ask(RETAIL, "original").get_json()["counted"] is True
    again, clone = web.ask(RETAIL, "original"), web.ask(RETAIL, "clone")
    assert (again.status_code, again.get_json()["counted"]) == (200, False)
    assert (clone.status_code, clone.get_json()["code"]) == (409, "ask_first")


def test_one_customer_may_hold_keys_of_every_channel_and_rules_differ(web) -> None:
    # row 4: retail asks back over its count, OEM needs nothing on the maker's machine, a volume key counts down
    def twice(serial: int, **body: object) -> tuple[int, str | int]:
        web.ask(serial, "first", **body)
        answer = web.ask(serial, "second", **body)
        return answer.status_code, answer.get_json().get("code") or answer.get_json()["remaining"]

    assert twice(RETAIL) == (409, "ask_first")
    assert twice(OEM, pre_activated=True) == (422, "not_needed")
    assert twice(MAK) == (200, 3)


def test_a_confirmation_id_is_right_on_its_own_machine_only(web, secrets, catalogue) -> None:
    # row 19: two machines' codes
    mine, other = (web.ask(MSDN, name).get_json()["confirmation_id"] for name in ("A", "B"))
    product = catalogue.product_named("windows-7-professional")
    key = secrets.confirmation_key(1, product.code)

    def typed_on(machine: str, blocks: list[str]) -> int | BadConfirmation:
        return check_confirmation_id(" ".join(blocks), clean_digits(web.shows(MSDN, machine)), product.layout, key)

    assert (typed_on("A", mine), typed_on("B", other)) == (0, 0)
    assert typed_on("B", mine) == typed_on("A", other) == BadConfirmation(ConfirmationFault.OTHER_COMPUTER)


def test_a_reactivation_within_the_tolerance_works_online_and_beyond_it_leads_to_the_phone(web) -> None:
    # row 46: first online, on refusal the phone's number
    web.ask(RETAIL, "before")
    again = web.ask(RETAIL, "before")
    assert (again.status_code, again.get_json()["counted"], again.get_json()["issue_number"]) == (200, False, 1)
    for number in range(3):
        assert web.ask(RETAIL, f"board {number}", computers=1).status_code == 200
    refused = web.ask(RETAIL, "board 4", computers=1)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too_many_replacements")
    assert refused.get_json()["phone_number"] == "+18005550199"


def test_a_mak_is_one_time_and_its_count_is_the_phones_too(web) -> None:
    # row 67: each success over the web takes one from the count
    assert [web.ask(MAK, name).get_json()["remaining"] for name in ("one", "two")] == [4, 3]
    assert isinstance(web.by_phone(MAK, "three"), Granted)
    assert web.ask(MAK, "one").get_json() | {"confirmation_id": None} == {
        "confirmation_id": None,
        "issue_number": 1,
        "product": "Windows 7 Professional",
        "counted": False,
        "remaining": 2,
        "key": web.label(MAK)[-5:],
    }
    assert web.used(MAK) == 3


def test_over_the_count_the_web_says_whom_to_call_where_the_phone_leads_to_a_person(web) -> None:
    # row 1: a volume key, web
    for number in range(5):
        assert web.ask(MAK, f"machine {number}").status_code == 200
    refused = web.ask(MAK, "one more")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "over_limit")
    assert "Call the activation centre" in refused.get_json()["detail"]
    assert web.by_phone(MAK, "one more") == NeedsAgent(AgentReason.MAK_LIMIT, "windows-7")


@pytest.mark.parametrize(
    ("serial", "product", "right"),
    [
        (MAK_B, "server-2008-r2-datacenter", "Windows Server 2008 R2 group B"),
        (MAK, "vista-business", "Windows 7"),
        (MAK_VISTA, "windows-7-professional", "Windows Vista"),
    ],
)
def test_a_mak_serves_its_own_product_group_only(web, serial: int, product: str, right: str) -> None:
    # row 71: the right group is named
    refused = web.ask(serial, product=product)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "wrong_product")
    assert refused.get_json()["right_product"] == right
    assert right in refused.get_json()["detail"]
    assert web.ask(MAK_B, product="server-2008-r2-enterprise").status_code == 200


def test_a_kms_host_key_counts_hosts_and_every_issue(web) -> None:
    assert web.ask(KMS, "host").get_json()["remaining"] == 5
    assert [web.ask(KMS, "host").status_code for _ in range(9)] == [200] * 9
    assert web.ask(KMS, "host").get_json()["code"] == "kms_issue_limit"
    for number in range(5):
        web.ask(KMS, f"host {number}")
    assert web.ask(KMS, "seventh").get_json()["code"] == "over_limit"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"installation_id": "twelve"}, 422, "malformed"),
        ({"installation_id": ""}, 422, "malformed"),
        ({"installation_id": "2" * 54}, 422, "group_check"),
    ],
)
def test_what_is_no_installation_id_is_refused(web, body: dict[str, str], status: int, code: str) -> None:
    answer = web.post(request_id="a", **body)
    assert (answer.status_code, answer.get_json()["code"], answer.mimetype) == (status, code, "application/problem+json")
    assert answer.get_json().get("group") == (1 if code == "group_check" else None)


def test_the_group_at_fault_is_named(web) -> None:
    groups = web.shows(RETAIL).split("-")
    groups[3] = str((int(groups[3]) + 1) % 1_000_000).zfill(6)
    said = web.post(request_id="a", installation_id=" ".join(groups), language="de").get_json()
    assert (said["code"], said["group"]) == ("group_check", 4)
    assert said["detail"].startswith("Gruppe 4 der Installations-ID stimmt nicht.")


def test_a_blocked_key_needs_a_person(web) -> None:
    answer = web.ask(BLOCKED)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "blocked_key")


def test_a_volume_licence_of_2003_needs_no_activation(web) -> None:
    answer = web.ask(VOLUME)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not_needed")
    assert "phone_number" not in answer.get_json()


def test_an_outage_is_said_with_when_to_ask_again(web) -> None:
    web.switch_outage(True)
    answer = web.ask(RETAIL, request_id="patient")
    assert (answer.status_code, answer.get_json()["code"], answer.headers["Retry-After"]) == (503, "service_down", "300")
    web.switch_outage(False)
    assert web.ask(RETAIL, request_id="patient").status_code == 200


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_probe_is_a_plain_request_that_says_whether_the_service_is_there(web, method: str) -> None:
    # row 30: the service's side of it, any status below 500
    assert getattr(web.client, method)("/activate/probe").status_code == 200
    web.switch_outage(True)
    assert getattr(web.client, method)("/activate/probe").status_code == 503


def test_counts_are_told_to_whoever_has_the_key(web) -> None:
    web.ask(MAK, "one")
    told = web.post("/activate/counts", product_key=web.label(MAK))
    assert told.get_json() == {"key": web.label(MAK)[-5:], "allowed": 5, "used": 1, "remaining": 4}
    unknown = web.post("/activate/counts", product_key=web.label(MAK)[:-1] + "B")
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "unknown_key")
    assert web.post("/activate/counts", product_key="nothing").get_json()["code"] == "malformed_request"


def test_verdicts_are_counted_without_anything_personal(web) -> None:
    web.ask(RETAIL, "first", seen="198.51.100.7")
    web.ask(RETAIL, "second", seen="198.51.100.7")
    web.post(request_id="x", installation_id="1")
    assert web.count(code="granted", channel="retail", product="windows-7-home-premium", country="DE", door="web") == 1
    assert web.count(code="ask_first", country="DE") == 1
    assert web.count(code="refused.malformed", channel="", product="", country="") == 1
    assert web.count() == 3
