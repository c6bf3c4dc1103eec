"""Connection overrides: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides."""

import pytest

from pbx.codes import CallError
from pbx.connection import ConnectionPolicy, Fault

URL = "https://centre.test/voice"


def test_twilios_defaults_apply_without_a_fragment():
    assert ConnectionPolicy.of(URL) == ConnectionPolicy(5.0, 15.0, 15.0, 1, frozenset({Fault.CONNECT}))


def test_the_fragment_overrides_timeouts_retries_and_policy():
    policy = ConnectionPolicy.of(f"{URL}#ct=2000&rt=3500&tt=9000&rc=2&rp=5xx,ct&sni=n&e=ashburn")
    assert policy == ConnectionPolicy(2.0, 3.5, 9.0, 2, frozenset({Fault.SERVER_ERROR, Fault.CONNECT}))


def test_the_policy_all_names_every_fault():
    assert ConnectionPolicy.of(f"{URL}#rp=all").retry_on == frozenset(Fault)


def test_retries_may_be_switched_off():
    assert ConnectionPolicy.of(f"{URL}#rc=0").retries == 0


@pytest.mark.parametrize("fragment", ["ct=99", "ct=10001", "rt=15001", "tt=0", "rc=6", "rc=-1", "rc=many", "rc=٢", "top"])
def test_values_out_of_range_are_ignored(fragment):
    assert ConnectionPolicy.of(f"{URL}#{fragment}") == ConnectionPolicy()


@pytest.mark.parametrize("policy", ["6xx", "ct,", "ct;5xx", "always"])
def test_a_bad_retry_policy_is_11243(policy):
    with pytest.raises(CallError) as caught:
        ConnectionPolicy.of(f"{URL}#rp={policy}")
    assert caught.value.code == 11243
