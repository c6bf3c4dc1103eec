"""The section `[workstation]`: closed behind a public address unless somebody opens it."""

import pytest

from data.instance import DEFAULT_SETTINGS
from data.workstation_settings import WORKSTATION_SECTION, WorkstationSettings, read_workstation


def test_the_page_is_not_offered_publicly_unless_the_settings_say_so() -> None:
    assert WORKSTATION_SECTION in DEFAULT_SETTINGS
    assert read_workstation({}) == WorkstationSettings(page=False)
    assert read_workstation({"page": True}).page


@pytest.mark.parametrize(("raw", "sentence"), [({"page": "yes"}, "true or false"), ({"pages": True}, "no setting 'pages'")])
def test_what_will_not_do_is_said(raw: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_workstation(raw)
