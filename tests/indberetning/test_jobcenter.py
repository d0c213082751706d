"""The job centres' reports through the public endpoint: activities, and the subscription that is a pålæg (V 3)."""

from typing import Any

import pytest

from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import START
from tests.support.job_centre import CONTACT, CPRNR, HEAD, dfdg, look_up, numbers, orders, subscription
from tests.support.reports import UNGDOM, accepted
from tests.support.rows import count
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, STAR, World
from udb.domain.services import JOBCENTER, UNGDOMSUDDANNELSE
from udb.store.tables import abonnement, haendelse, kontakt


@pytest.fixture(autouse=True)
def youth(world: World) -> int:
    world.institution(STAR, type3="STAR")
    return world.person(CPRNR)


def activity(day: str, status: int = 1, **more: Any) -> dict[str, Any]:
    said = {"AktivitetsgruppeKode": "J20", "Status": status, "HaendelseDato": f"{day}T00:00:00", "Annullering": False}
    return {**HEAD, "Aktivitet": {**said, **more}}


# Activities -----------------------------------------------------------------------------------------------------------


def test_activities_are_fetched_by_the_home_kommune_alone(endpoint: Endpoint) -> None:
    """F115, F116, F118, F145: optag, afbrud, gennemført; two of one kind one after the other are two forløb."""
    sent = [
        accepted(endpoint.report(JOBCENTER, message))
        for message in (
            activity("2026-08-01"),
            activity("2026-08-05", 2, AfbrudsarsagsKode="904"),
            activity("2026-08-07"),
            activity("2026-08-10", 3),
        )
    ]
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert ung["HaendelseUddannelsesForloeb"] == []
    shown = ung["HaendelseJobcenterForloeb"]
    assert [event["HaendelseNummer"] for event in shown] == [receipt["HaendelseNummer"] for receipt in sent]
    assert [event["ForloebId"] for event in shown] == [receipt["ForloebId"] for receipt in sent]
    assert sent[0]["ForloebId"] == sent[1]["ForloebId"] != sent[2]["ForloebId"] == sent[3]["ForloebId"]
    assert [event["Status"] for event in shown] == [1, 2, 1, 3]
    assert [event["DatoOptag"] and event["DatoOptag"].day for event in shown] == [None, 1, None, 7]
    assert [event["AfbrudsarsagsKode"] for event in shown] == [None, "904", None, None]
    assert {event["AktivitetsgruppeKode"] for event in shown} == {"J20"}
    assert {event["KildeLeverandoer"] for event in shown} == {"DFDG"}
    assert look_up(endpoint)["HaendelseJobcenterForloeb"] == shown
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == []
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert numbers(dfdg(endpoint)) == [], "DFDG gets education and kommune activities (A10)"


def test_an_activity_is_cancelled_by_its_number(endpoint: Endpoint) -> None:
    """F116"""
    sent = accepted(endpoint.report(JOBCENTER, activity("2026-08-01")))
    assert numbers(endpoint.fetch(KOMMUNE)) == [sent["HaendelseNummer"]]
    message = activity("2026-08-01", HaendelseNummer=sent["HaendelseNummer"]) | {"InstitutionNummer": STAR}
    assert codes(endpoint.report(JOBCENTER, message)) >= {"6005"}
    message["Aktivitet"]["Annullering"] = True
    gone = accepted(endpoint.report(JOBCENTER, message))
    assert gone["ForloebId"] == sent["ForloebId"]
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    (event,) = ung["HaendelseJobcenterForloeb"]
    shown = event["HaendelseNummer"], event["AnnulleretHaendelseNummer"], event["Annullering"]
    assert shown == (gone["HaendelseNummer"], sent["HaendelseNummer"], True)
    assert look_up(endpoint)["HaendelseJobcenterForloeb"] == []


def test_an_activity_reported_anew_after_a_change_of_number_keeps_its_forloeb(world: World, endpoint: Endpoint) -> None:
    old = accepted(endpoint.report(JOBCENTER, activity("2026-08-01")))
    world.change_number(CPRNR, "7103095999")
    assert codes(endpoint.report(JOBCENTER, activity("2026-08-01"))) >= {"1003"}
    again = accepted(endpoint.report(JOBCENTER, activity("2026-08-01") | {"CPRNr": "7103095999"}))
    assert (again["ForloebId"], again["Fejl"]) == (old["ForloebId"], [])
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr="7103095999")["HaendelserUng"]
    assert [event["HaendelseNummer"] for event in ung["HaendelseJobcenterForloeb"]] == [again["HaendelseNummer"]]


def test_the_same_call_again_is_the_same_report_and_an_absent_group_is_not_an_empty_one(endpoint: Endpoint) -> None:
    first = endpoint.report(JOBCENTER, activity("2026-08-01"), "samme")
    assert endpoint.report(JOBCENTER, activity("2026-08-01"), "samme") == first
    assert codes(endpoint.report(JOBCENTER, subscription("Opret"), "samme")) == {"9001"}
    assert codes(endpoint.report(JOBCENTER, HEAD)) == {"4016"}
    assert codes(endpoint.report(JOBCENTER, activity("2026-08-02") | subscription("Opret"))) == {"4016"}


# The subscription -----------------------------------------------------------------------------------------------------


def test_on_and_off_is_told_to_the_kommune(world: World, endpoint: Endpoint) -> None:
    """F119, F122, F148: the flag before and after, and an event of each change."""
    assert look_up(endpoint)["UngHarUddannelsespaalaeg"] is False
    made = accepted(endpoint.report(JOBCENTER, subscription("Opret", Startdato="2026-08-03T00:00:00")))
    assert (made["ForloebId"], made["Fejl"]) == (None, [])
    on = (made["HaendelseNummer"], "2026-08-03", True, "DFDG")
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert (ung["UngHarUddannelsespaalaeg"], orders(ung)) == (True, [on])
    world.clock("2026-08-12T23:59:00")
    ended = accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))
    off = (ended["HaendelseNummer"], "2026-08-12", False, "DFDG")
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert (ung["UngHarUddannelsespaalaeg"], orders(ung)) == (False, [off])
    ung = look_up(endpoint)
    assert (ung["UngHarUddannelsespaalaeg"], orders(ung)) == (False, [on, off])
    assert count(world.engine, abonnement) == 0


def test_without_a_start_it_begins_today_by_the_danish_clock(world: World, endpoint: Endpoint) -> None:
    world.clock("2026-08-10T00:30:00+02:00")
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert [day for _, day, *_ in orders(look_up(endpoint))] == ["2026-08-10"]


def test_the_contact_person_comes_with_it_is_changed_and_goes_with_it(world: World, endpoint: Endpoint) -> None:
    accepted(endpoint.report(JOBCENTER, subscription("Opret", Kontaktperson=CONTACT)))
    world.clock("2026-08-11T08:00:00")
    contact = look_up(endpoint)["JobcenterKontakt"]
    assert {name: contact[name] for name in CONTACT} == CONTACT
    assert contact["KontaktRegistreringstid"].isoformat() == "2026-08-10T00:00:00+02:00"
    changed = accepted(
        endpoint.report(JOBCENTER, subscription("Ret", Kontaktperson=CONTACT | {"KontaktNavn": "Jens Job"}))
    )
    assert (changed["HaendelseNummer"], changed["ForloebId"]) == (None, None)
    contact = look_up(endpoint)["JobcenterKontakt"]
    assert (contact["KontaktNavn"], contact["KontaktRegistreringstid"].day) == ("Jens Job", 11)
    assert codes(accepted(endpoint.report(JOBCENTER, subscription("Ret")))) == set()
    assert look_up(endpoint)["JobcenterKontakt"]["KontaktNavn"] == "Jens Job", "a Ret without one changes nothing"
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert (len(orders(ung)), ung["JobcenterKontakt"]) == (1, None), "one event; contacts in the look-up alone"
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))
    assert look_up(endpoint)["JobcenterKontakt"] is None
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert look_up(endpoint)["JobcenterKontakt"] is None
    assert count(world.engine, kontakt) == 0


def test_the_institution_where_the_youth_goes_is_told_with_the_contact_person(world: World, endpoint: Endpoint) -> None:
    """Until the subscription is over, also when the job has not ended it yet."""

    def asked() -> Any:
        message = {"InstitutionNummer": GYMNASIUM, "CPRNr": CPRNR}
        return endpoint.call("DataTilInstitution", "HentUddannelsespaalaeg", message)

    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}))
    accepted(endpoint.report(JOBCENTER, subscription("Opret", Startdato="2026-08-01T00:00:00", Kontaktperson=CONTACT)))
    answer = asked()
    assert (answer["HarUddannelsespaalaeg"], answer["Siden"].date().isoformat()) == (True, "2026-08-01")
    assert answer["JobcenterKontakt"]["KontaktNavn"] == "Jytte Job"
    world.clock("2039-03-11T08:00:00")
    answer = asked()
    assert (answer["HarUddannelsespaalaeg"], answer["Siden"], answer["JobcenterKontakt"]) == (False, None, None)
    assert count(world.engine, abonnement) == 1


def test_the_subscriber_gets_what_was_there_before_and_what_comes(endpoint: Endpoint) -> None:
    """F120: a job centre that had read everything up to then gets them too."""
    before = accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}))["HaendelseNummer"]
    assert numbers(dfdg(endpoint)) == []
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert numbers(dfdg(endpoint)) == [before]
    assert numbers(dfdg(endpoint)) == []
    risk = {**UNGDOM, "CPRNr": CPRNR, "FrafaldstruetMarkering": True}
    after = accepted(endpoint.report(UNGDOMSUDDANNELSE, risk))["HaendelseNummer"]
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))
    assert numbers(dfdg(endpoint)) == numbers(dfdg(endpoint, HaendelseNummer=START)) == []
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert numbers(dfdg(endpoint)) == [after], "what was given stays given"
    assert numbers(dfdg(endpoint, HaendelseNummer=START)) == [before, after]


def test_a_subscription_follows_the_person_to_a_new_number(world: World, endpoint: Endpoint) -> None:
    accepted(endpoint.report(JOBCENTER, subscription("Opret", Kontaktperson=CONTACT)))
    world.change_number(CPRNR, "7103095999")
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr="7103095999")["HaendelserUng"]
    assert (ung["UngHarUddannelsespaalaeg"], ung["JobcenterKontakt"]["KontaktNavn"]) == (True, "Jytte Job")
    assert codes(endpoint.report(JOBCENTER, subscription("Opret") | {"CPRNr": "7103095999"})) == {"7012"}
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))


def test_an_order_is_told_under_the_same_clauses_as_other_events(world: World, endpoint: Endpoint) -> None:
    """A1 and A4: not to another kommune, and from the 25th birthday not what is before it; the flag stays."""
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == []
    world.clock("2034-03-11T08:00:00")
    ung = look_up(endpoint)
    assert (ung["UngHarUddannelsespaalaeg"], orders(ung)) == (True, [])


def test_only_judged_it_leaves_nothing(world: World, endpoint: Endpoint) -> None:
    trial = Endpoint(endpoint.app, query="kun-validering=1")
    receipt = accepted(trial.report(JOBCENTER, subscription("Opret", Kontaktperson=CONTACT)))
    assert receipt["HaendelseNummer"] is None
    assert [count(world.engine, table) for table in (haendelse, abonnement, kontakt)] == [0, 0, 0]
