"""Settings: what will not do is a sentence that names it and says what would."""

import re
from datetime import time
from pathlib import Path

import pytest

from data.instance import Instance, create_instance, open_instance
from data.settings import SettingsError, read_settings


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    create_instance(tmp_path)
    return open_instance(tmp_path)


def test_the_defaults_are_local_around_the_clock_and_without_text_messages(instance: Instance) -> None:
    settings = read_settings(instance, {})
    assert (settings.account_sid, settings.auth_token) == (instance.account_sid, instance.auth_token)
    assert (settings.public_url, settings.telephony_url, settings.can_text) == (None, None, False)
    assert (settings.line.name, settings.line.pace_seconds) == ("Activation Center", 0.7)
    assert (settings.hours.opens, settings.hours.closes, len(settings.hours.days)) == (time(0), time(0), 7)
    assert settings.database_url.startswith("sqlite:///")


def test_ones_own_account_signs_and_can_text(instance: Instance) -> None:
    settings = read_settings(instance, {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret"})
    assert (settings.account_sid, settings.auth_token, settings.can_text) == ("AC1", "secret", True)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "belong together"),
        ({"TWILIO_AUTH_TOKEN": "secret", "TWILIO_ACCOUNT_SID": ""}, "belong together"),
        ({"ACTIVATION_CENTER_PUBLIC_URL": "https://example.com/line"}, "ACTIVATION_CENTER_PUBLIC_URL must be scheme and host"),
        ({"ACTIVATION_CENTER_PUBLIC_URL": "ftp://x"}, "scheme and host"),
        ({"ACTIVATION_CENTER_TELEPHONY_URL": "garbage"}, "ACTIVATION_CENTER_TELEPHONY_URL must be"),
    ],
)
def test_an_environment_that_will_not_do_is_a_sentence(instance: Instance, environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read_settings(instance, environment)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('name = "Microsoft Activation"', "real vendor"),
        ('name = "ABCDE-FGHIJ-KLMNP-QRSTU-VWXY2"', "product key"),
        ("name = [", "cannot be read"),
        ("name = 3", 'name = "Activation Center"'),
        ("number = 12", "number = "),
        ('number = "12"', "telephone number"),
        ("pace_seconds = 9", "between 0.3 and 3"),
        ('pace_seconds = "fast"', "pace_seconds = 0.7"),
        ("pace_seconds = true", "pace_seconds = 0.7"),
        ('timezone = "Mars"', "Europe/Berlin"),
        ('timezone = ""', "Europe/Berlin"),
        ('timezone = "../../etc/passwd"', "Europe/Berlin"),
        ('opens = "late"', "08:30"),
        ("opens = 8", "08:30"),
        ('opens = "08:00+02:00"', "08:30"),
        ('closes = "24:00"', "08:30"),
        ('days = ["Funday"]', "Funday"),
        ("days = []", "Monday, Tuesday"),
        ('days = "Monday"', "days = "),
    ],
)
def test_a_setting_that_will_not_do_is_named(instance: Instance, line: str, sentence: str) -> None:
    name = line.partition(" ")[0]
    text = re.sub(rf"^{name} = .*$", line, instance.settings_file.read_text(), flags=re.MULTILINE)
    instance.settings_file.write_text(text)
    with pytest.raises(SettingsError, match=re.escape(sentence)) as refused:
        read_settings(instance, {})
    assert "ABCDE-FGHIJ" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[line]", "line = 3", "[hours]"])
def test_a_missing_section_is_named(instance: Instance, text: str) -> None:
    instance.settings_file.write_text(text)
    with pytest.raises(SettingsError, match=r"section \[|is missing"):
        read_settings(instance, {})
