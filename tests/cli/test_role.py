import json
from datetime import timedelta

import pytest

from tests.support.world import GYMNASIUM


@pytest.fixture
def roles(udb, sandbox_url):
    """Run ``udb role`` on a sandbox's database; with ``--json`` return its rows."""
    assert sandbox_url

    def run(*given):
        code, out, err = udb("role", *given)
        return json.loads(out) if "--json" in given else (code, out + err)

    return run


@pytest.fixture
def last(world):
    """A day that a role may end on, as the command wants it."""
    return str(world.today() + timedelta(days=30))


def test_a_role_is_given_listed_and_ended(roles, last):
    code, said = roles("assign", "unilogin", "abc", "brugeradministrator", GYMNASIUM, "--until", last)
    assert (code, "abc is brugeradministrator" in said) == (0, True), said
    (row,) = roles("list", "--json")
    assert (row["subjekt"], row["institution_nummer"], row["til"]) == ("abc", GYMNASIUM, last)
    assert roles("end", str(row["id"]))[0] == 0
    (row,) = roles("list", "--json")
    assert row["til"] < last
    assert roles("end", str(row["id"]))[0] != 0


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("mitid", "abc", "ung"), "no role"),
        (("nowhere", "abc", "leder", GYMNASIUM), "There is no door"),
        (("unilogin", "abc", "leder", GYMNASIUM), "can give brugeradministrator"),
        (("kommune", "abc", "leder"), "is at an institution"),
        (("stil", "abc", "datamedarbejder", GYMNASIUM), "is at an institution"),
        (("unilogin", "abc", "brugeradministrator", "999999"), "There is no institution"),
    ],
)
def test_what_cannot_be_given(roles, last, given, reason):
    code, said = roles("assign", *given, "--until", last)
    assert (code != 0, reason in said) == (True, True), said
    assert roles("list", "--json") == []


def test_a_role_ends_within_a_year(roles, world):
    who = ("assign", "unilogin", "abc", "brugeradministrator", GYMNASIUM)
    assert roles(*who)[0] == 2
    for day in (world.today() - timedelta(days=1), world.today() + timedelta(days=367)):
        code, said = roles(*who, "--until", str(day))
        assert (code, "within a year" in said) == (2, True), said
