"""``udb access cancelled``: the look-ups of institutions whose course was cancelled soon after."""

import json
from collections.abc import Callable

import pytest
from prometheus_client import REGISTRY

from tests.access.clauses import HF, STX, YOUNG, cancel, send
from tests.support.endpoint import Endpoint
from tests.support.reports import REPORTS
from tests.support.world import GYMNASIUM, World
from udb.domain.services import DATA_TIL_INSTITUTION, UNGDOMSUDDANNELSE

Udb = Callable[..., tuple[int, str, str]]
OPERATION = "HentUddannelsespaalaeg"


def listed(udb: Udb) -> list[dict[str, str]]:
    code, printed, _ = udb("access", "cancelled", "--json")
    assert code == 0
    found: list[dict[str, str]] = json.loads(printed)
    return found


def counted() -> float:
    return REGISTRY.get_sample_value("udb_looked_up_cancelled_total") or 0


@pytest.mark.parametrize(("cancelled_on", "soon"), [("2026-10-09", True), ("2026-10-10", False)])
def test_the_operator_sees_and_counts_what_was_cancelled_within_60_days(
    world: World, endpoint: Endpoint, udb: Udb, *, cancelled_on: str, soon: bool
) -> None:
    world.person(YOUNG)
    world.institution("461250")
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2025-08-01", **HF)
    other = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2025-08-01", **STX, InstitutionNummer="461250")
    request = {"InstitutionNummer": GYMNASIUM, "CPRNr": YOUNG}
    assert not endpoint.call(DATA_TIL_INSTITUTION, OPERATION, request)["Fejl"]
    assert listed(udb) == []
    world.clock(f"{cancelled_on}T23:00:00")
    before = counted()
    trial = Endpoint(endpoint.app, query="kun-validering=1")
    again = REPORTS[UNGDOMSUDDANNELSE] | {"CPRNr": YOUNG, "Annullering": True, "HaendelseNummer": sent} | HF
    assert trial.report(UNGDOMSUDDANNELSE, again)["Resultat"] == "Accepteret"
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, other, **STX, InstitutionNummer="461250")
    assert counted() == before, "a trial, and a course that opened no look-up"
    gone = cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, sent, **HF)
    assert counted() - before == int(soon)
    shown = ("institution_nummer", "operation", "nummer", "annullering")
    found = [tuple(one[name] for name in shown) for one in listed(udb)]
    assert found == ([(GYMNASIUM, OPERATION, sent, gone)] if soon else [])
    _, table, _ = udb("access", "cancelled")
    assert (sent in table, YOUNG in table) == (soon, False)
