"""The helpers for KMS groups and downgrades, against the catalogue the house ships."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.catalogue import Catalogue, Channel
from callcenter.floor.kms import DOWNGRADES, activated_by, kms_groups, right_keys


def groups_of(catalogue: Catalogue, host_key: str) -> set[str]:
    return {product.group.name for product in activated_by(catalogue, host_key)}


@pytest.mark.parametrize(
    ("held", "keys"),
    [
        ({"windows-7", "vista"}, ["windows-7"]),
        ({"server-2008-r2-a", "server-2008-r2-b", "windows-7"}, ["server-2008-r2-b"]),
        ({"server-2008-r2-c", "server-2008-a", "vista"}, ["server-2008-r2-c"]),
        ({"server-2008-c", "windows-7"}, ["windows-7", "server-2008-c"]),
        ({"vista"}, ["vista"]),
        ({"windows-7-home", "server-2003"}, []),
        (set(), []),
        ({"no such group"}, []),
    ],
)
def test_the_key_of_the_highest_group_held_is_the_one_to_use(catalogue: Catalogue, held: set[str], keys: list[str]) -> None:
    assert [group.name for group in right_keys(catalogue, held)] == keys


@settings(deadline=None)
@given(data=st.data())
def test_the_keys_to_use_serve_everything_held_and_none_is_to_spare(catalogue: Catalogue, data: st.DataObject) -> None:
    held = data.draw(st.sets(st.sampled_from([group.name for group in kms_groups(catalogue)])))
    keys = [group.name for group in right_keys(catalogue, held)]
    assert held <= {name for key in keys for name in groups_of(catalogue, key)}
    for spared in keys:
        rest = {name for key in keys if key != spared for name in groups_of(catalogue, key)}
        assert spared not in rest


# Table A6a, line by line.
@pytest.mark.parametrize(
    ("host_key", "groups"),
    [
        ("vista", {"vista"}),
        ("windows-7", {"vista", "windows-7"}),
        ("server-2008-r2-a", {"server-2008-r2-a", "server-2008-a", "vista", "windows-7"}),
        (
            "server-2008-r2-b",
            {"server-2008-r2-a", "server-2008-r2-b", "server-2008-a", "server-2008-b", "vista", "windows-7"},
        ),
        (
            "server-2008-r2-c",
            {
                "server-2008-r2-a",
                "server-2008-r2-b",
                "server-2008-r2-c",
                "server-2008-a",
                "server-2008-b",
                "server-2008-c",
                "vista",
                "windows-7",
            },
        ),
        ("no such group", set()),
    ],
)
def test_what_a_host_key_activates(catalogue: Catalogue, host_key: str, groups: set[str]) -> None:
    assert groups_of(catalogue, host_key) == groups


def test_a_windows_7_host_key_names_the_four_editions_of_the_table(catalogue: Catalogue) -> None:
    titles = [product.title for product in activated_by(catalogue, "windows-7")]
    assert titles == ["Windows Vista Business", "Windows Vista Enterprise", "Windows 7 Professional", "Windows 7 Enterprise"]


def test_every_edition_named_is_sold_with_kms(catalogue: Catalogue) -> None:
    named = [product for group in kms_groups(catalogue) for product in activated_by(catalogue, group.name)]
    assert named
    assert all(Channel.KMS in product.channels for product in named)


def test_the_downgrade_answers_are_exactly_these() -> None:
    assert {(each.installed, each.wanted): each.keys for each in DOWNGRADES} == {
        ("Windows 7", "Windows Vista"): ("Windows 7 KMS host", "Windows Vista KMS host", "Windows Vista MAK"),
        ("Windows 7", "Windows XP"): ("Windows XP Professional key only",),
    }
