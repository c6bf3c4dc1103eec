"""Settings: what will not do is a sentence that names it and says what would."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest

from callcenter.floor.policy import Policy
from callcenter.floor.policy_settings import POLICY_SETTINGS
from data.instance import Instance, create_instance, open_instance
from data.settings import SettingsError, read_settings
from data.voice_settings import Medium


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    create_instance(tmp_path)
    return open_instance(tmp_path)


def test_the_defaults_are_local_around_the_clock_and_without_an_account(instance: Instance) -> None:
    settings = read_settings(instance, {})
    assert (settings.account_sid, settings.auth_token) == (instance.account_sid, instance.auth_token)
    assert (settings.public_url, settings.telephony_url, settings.has_twilio_account) == (None, None, False)
    assert (settings.line.name, settings.line.pace_seconds) == ("Activation Center", 0.7)
    assert (settings.hours.opens, settings.hours.closes, len(settings.hours.days)) == (time(0), time(0), 7)
    assert settings.database_url.startswith("sqlite:///")


def test_ones_own_account_signs(instance: Instance) -> None:
    settings = read_settings(instance, {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret"})
    assert (settings.account_sid, settings.auth_token, settings.has_twilio_account) == ("AC1", "secret", True)


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
        ('sentences = "shout"', 'sentences must be "say" or "play", not \'shout\''),
        ("sentences = [1]", 'sentences must be "say" or "play"'),
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


@pytest.mark.parametrize("text", ["line = 3", "policy = 3"])
def test_a_section_that_is_none_is_named(instance: Instance, text: str) -> None:
    instance.settings_file.write_text(f"{text}\n{instance.settings_file.read_text()}".replace("[policy]", ""))
    with pytest.raises(SettingsError, match=r"\[policy\]|cannot be read"):
        read_settings(instance, {})


def test_sentences_are_words_unless_they_are_set_to_be_played(instance: Instance) -> None:
    assert read_settings(instance, {}).voice.sentences is Medium.SAY
    text = instance.settings_file.read_text()
    instance.settings_file.write_text(text.replace('sentences = "say"', 'sentences = "play"'))
    assert read_settings(instance, {}).voice.sentences is Medium.PLAY
    instance.settings_file.write_text(text.replace("[voice]", "[former]"))
    assert read_settings(instance, {}).voice.sentences is Medium.SAY


def test_an_instance_without_a_policy_section_has_the_default_policy(instance: Instance) -> None:
    text = instance.settings_file.read_text()
    instance.settings_file.write_text(text.partition("[policy]")[0])
    assert read_settings(instance, {}).policy == Policy()


def test_a_new_instance_names_every_number_of_the_policy_with_its_default(instance: Instance) -> None:
    text = instance.settings_file.read_text()
    assert read_settings(instance, {}).policy == Policy()
    instance.settings_file.write_text(re.sub(r"^# (\w+ = \d+)$", r"\1", text, flags=re.MULTILINE))
    assert read_settings(instance, {}).policy == Policy()
    for setting in POLICY_SETTINGS:
        assert f"\n{setting.name} = {setting.written(Policy())}\n" in instance.settings_file.read_text()


def test_the_policy_is_what_the_section_says_in_its_own_units(instance: Instance) -> None:
    with instance.settings_file.open("a") as file:
        file.write("small_raise_count = 40\nwindow_days = 7\nlock_window_hours = 2\nlost_after_seconds = 45\n")
    policy = read_settings(instance, {}).policy
    assert (policy.small_raise_count, policy.small_raise_percent) == (40, 10)
    assert (policy.window, policy.lock_window) == (timedelta(days=7), timedelta(hours=2))
    assert policy.lost_after == timedelta(seconds=45)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("small_raise_percent = 101", "small_raise_percent in [policy] must be a whole number from 0 to 100, such as 10."),
        ("window_days = 0", "window_days in [policy] must be a whole number from 1 to 366"),
        ("exceptions_alone = true", "exceptions_alone"),
        ('lost_after_seconds = "20"', "from 10 to 600, such as 20."),
        ("answer_target_seconds = 2.5", "whole number"),
        ("window = 3", "[policy] has no setting 'window'; its settings are small_raise_percent, "),
    ],
)
def test_a_policy_that_will_not_do_is_named(instance: Instance, line: str, sentence: str) -> None:
    with instance.settings_file.open("a") as file:
        file.write(line)
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        read_settings(instance, {})


def test_every_field_of_the_policy_can_be_set() -> None:
    assert {setting.field for setting in POLICY_SETTINGS} == set(Policy.__dataclass_fields__)


def test_calls_begin_in_english_and_english_alone_is_heard_here_unless_settings_say_otherwise(instance: Instance) -> None:
    languages = read_settings(instance, {}).languages
    assert (languages.default, languages.numbers, languages.models) == ("en", {}, {})


def test_an_instance_from_before_there_were_languages_needs_none(instance: Instance) -> None:
    text = instance.settings_file.read_text(encoding="utf-8")
    before, _, rest = text.partition("[languages]")
    instance.settings_file.write_text(before + rest[rest.index("[voice]") :], encoding="utf-8")
    assert read_settings(instance, {}).languages.default == "en"


def test_numbers_speak_languages_and_models_hear_them(instance: Instance, tmp_path: Path) -> None:
    text = instance.settings_file.read_text(encoding="utf-8").replace('default = "en"', 'default = "de"')
    text = text.replace("numbers = {}", 'numbers = { "+33199000142" = "fr" }', 1)
    instance.settings_file.write_text(text.replace("models = {}", f'models = {{ es = "{tmp_path}" }}'), encoding="utf-8")
    languages = read_settings(instance, {}).languages
    assert (languages.default, languages.numbers, languages.models) == ("de", {"+33199000142": "fr"}, {"es": tmp_path})


@pytest.mark.parametrize(
    ("setting", "wrong", "sentence"),
    [
        ('default = "en"', 'default = "xx"', "default names the language 'xx'; the line speaks en, de, fr, es"),
        ("numbers = {}", 'numbers = { "12" = "de" }', "telephone numbers such as"),
        ("numbers = {}", 'numbers = { "+33199000142" = "it" }', "numbers names the language 'it'"),
        ("numbers = {}", "numbers = 3", "numbers must be a table"),
        ("models = {}", 'models = { de = "/nowhere" }', "no folder of a Vosk model"),
        ("models = {}", "models = { de = 3 }", "no folder of a Vosk model"),
        ("models = {}", "model = {}", "[hearing] has no setting 'model'"),
        ("numbers = {}", "lines = {}", "[languages] has no setting 'lines'"),
    ],
)
def test_languages_that_will_not_do_are_a_sentence(instance: Instance, setting: str, wrong: str, sentence: str) -> None:
    text = instance.settings_file.read_text(encoding="utf-8")
    assert setting in text
    instance.settings_file.write_text(text.replace(setting, wrong), encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        read_settings(instance, {})


def test_the_environment_names_the_english_model(instance: Instance, tmp_path: Path) -> None:
    assert read_settings(instance, {"VOSK_MODEL_PATH": str(tmp_path)}).languages.models == {"en": tmp_path}
    assert read_settings(instance, {"VOSK_MODEL_PATH": ""}).languages.models == {}
    with pytest.raises(SettingsError, match="VOSK_MODEL_PATH names /nowhere"):
        read_settings(instance, {"VOSK_MODEL_PATH": "/nowhere"})


def test_the_exchange_has_two_hundred_media_ports_and_no_other_lines_unless_settings_say_otherwise(instance: Instance) -> None:
    exchange = read_settings(instance, {}).exchange
    assert (exchange.rtp_ports, exchange.numbers) == ((16384, 16583), {})
    text = instance.settings_file.read_text(encoding="utf-8")
    instance.settings_file.write_text(text.replace("[exchange]", "[former]"), encoding="utf-8")
    assert read_settings(instance, {}).exchange == exchange


def test_numbers_of_other_lines_call_their_webhooks(instance: Instance) -> None:
    url = "https://line.example.com/voice?a=1"
    change_exchange(instance, "numbers = {}", f'numbers = {{ "+493023125142" = "{url}" }}')
    assert read_settings(instance, {}).exchange.numbers == {"+493023125142": url}


def test_a_proxy_can_stand_before_the_exchange(instance: Instance) -> None:
    exchange = read_settings(instance, {}).exchange
    assert (exchange.port, exchange.browser_url) == (0, "")
    change_exchange(instance, "port = 0", "port = 8001")
    change_exchange(instance, 'browser_url = ""', 'browser_url = "wss://line.example.com/exchange/"')
    exchange = read_settings(instance, {}).exchange
    assert (exchange.port, exchange.browser_url) == (8001, "wss://line.example.com/exchange")


@pytest.mark.parametrize(
    ("setting", "wrong", "sentence"),
    [
        ("rtp_ports = [16384, 16583]", "rtp_ports = 16384", "rtp_ports must be two ports"),
        ("port = 0", "port = 80", "port must be 0, for a free one, or from 1024 to 65535"),
        ("port = 0", "port = true", "port must be 0, for a free one, or from 1024 to 65535"),
        ('browser_url = ""', 'browser_url = "https://line.example.com"', "an address such as wss://"),
        ("rtp_ports = [16384, 16583]", "rtp_ports = [16583, 16384]", "the first below the last"),
        ("rtp_ports = [16384, 16583]", "rtp_ports = [80, 90]", "from 1024 to 65535"),
        ("rtp_ports = [16384, 16583]", "rtp_port = 1", "[exchange] has no setting 'rtp_port'"),
        ("numbers = {}", "numbers = 3", "numbers must be a table"),
        ("numbers = {}", 'numbers = { "12" = "https://a.example/voice" }', "telephone numbers such as"),
        ("numbers = {}", 'numbers = { "+493023125142" = "nowhere" }', "a webhook such as"),
    ],
)
def test_an_exchange_that_will_not_do_is_a_sentence(instance: Instance, setting: str, wrong: str, sentence: str) -> None:
    change_exchange(instance, setting, wrong)
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        read_settings(instance, {})


def change_exchange(instance: Instance, setting: str, change: str) -> None:
    """Another setting in the section of the exchange."""
    before, section, after = instance.settings_file.read_text(encoding="utf-8").partition("[exchange]")
    instance.settings_file.write_text(before + section + after.replace(setting, change, 1), encoding="utf-8")
