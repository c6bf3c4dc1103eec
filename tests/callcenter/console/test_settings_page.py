"""The settings page shows what is in force and changes nothing."""

from dataclasses import replace
from typing import Any

from flask import Flask

from callcenter.console.site import init_console
from callcenter.floor.policy import Policy
from callcenter.floor.policy_settings import POLICY_SETTINGS


def test_every_number_of_the_policy_stands_there_beside_its_default_and_its_name(console: Any) -> None:
    page = console.signed_in("felix").get("/console/settings").text
    for setting in POLICY_SETTINGS:
        assert setting.name in page
    assert "settings.toml" in page
    assert "<form" not in page[page.index("<h1>") :].partition("<dialog")[0]


def test_a_number_that_was_changed_stands_out(console: Any) -> None:
    app = Flask("callcenter.console", static_folder=None)
    changed = replace(console.centre, policy=Policy(small_raise_count=777))
    init_console(app, changed, secret_key=b"s" * 32, is_secure=False)
    console.app = app
    assert "<strong>777</strong>" in console.signed_in("erin").get("/console/settings").text
