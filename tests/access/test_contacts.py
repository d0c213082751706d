"""The four kinds of contact in the look-up by CPR number (contract 5.1), each with its source and time."""

from typing import Any

import pytest

from tests.access.clauses import HF, YOUNG, send
from tests.imports.csvs import cpr
from tests.support.endpoint import Endpoint, codes
from tests.support.job_centre import subscription
from tests.support.world import GYMNASIUM, KOMMUNE, STAR, World
from udb.domain.services import INSTITUTION_KONTAKT, JOBCENTER, KONTAKTPERSON, UNGDOMSUDDANNELSE
from udb.imports.cpr import import_cpr


def delivered(world: World, *lines: str) -> None:
    """Import the CPR register, with the youth's own mail and telephone."""
    import_cpr(world.engine, cpr(*lines), invented_allowed=True)


def contact(name: str) -> dict[str, str]:
    return {"KontaktNavn": name, "KontaktMail": "kontakt@example.dk", "KontaktTelefon": "23456789"}


def looked_up(endpoint: Endpoint, cprnr: str = YOUNG) -> Any:
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]
    return ung


def day(contact: Any) -> str:
    return str(contact["KontaktRegistreringstid"].isoformat())


def own(endpoint: Endpoint, cprnr: str = YOUNG) -> tuple[Any, ...] | None:
    found = looked_up(endpoint, cprnr)["UngKontakt"]
    return found and (found["KontaktMail"], found["KontaktTelefon"], day(found)[:10])


def test_all_four_kinds_stand_in_the_look_up_each_with_source_and_time(world: World, endpoint: Endpoint) -> None:
    """Each is registered on a day of its own; the feed has none of them (A8)."""
    world.institution(STAR, type3="STAR")
    world.clock("2026-08-01T08:00:00")
    delivered(world, f"{YOUNG};Navn;01;101;;ung@example.dk;12345678")
    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **HF)
    world.clock("2026-08-02T08:00:00")
    order = subscription("Opret", Kontaktperson=contact("Jobkonsulent")) | {"CPRNr": YOUNG}
    said = [(KONTAKTPERSON, KOMMUNE, "Vejleder"), (INSTITUTION_KONTAKT, GYMNASIUM, "Studievejleder")]
    assert endpoint.report(JOBCENTER, order)["Resultat"] == "Accepteret"
    for number, (service, institution, name) in enumerate(said, start=3):
        world.clock(f"2026-08-{number:02}T23:30:00")
        report = {"CPRNr": YOUNG, "InstitutionNummer": institution, **contact(name)}
        assert endpoint.report(service, report)["Resultat"] == "Accepteret"
    ung = looked_up(endpoint)
    (of_kommune,) = ung["KontaktJobOgUddannelsesonsker"]
    (of_institution,) = ung["InstitutionKontakt"]
    kommunes, jobs = of_kommune["KommuneKontakt"], ung["JobcenterKontakt"]
    assert of_kommune["KommuneInstitutionNummer"] == KOMMUNE
    assert of_institution["InstitutionNummer"] == GYMNASIUM
    named = [(found["KontaktNavn"], day(found)) for found in (jobs, kommunes, of_institution)]
    assert named == [
        ("Jobkonsulent", "2026-08-02T00:00:00+02:00"),
        ("Vejleder", "2026-08-03T00:00:00+02:00"),
        ("Studievejleder", "2026-08-04T00:00:00+02:00"),
    ]
    for found in (jobs, kommunes, of_institution):
        assert (found["KontaktMail"], found["KontaktTelefon"]) == ("kontakt@example.dk", "23456789")
    youths = ung["UngKontakt"]
    assert (youths["KontaktMail"], youths["KontaktTelefon"]) == ("ung@example.dk", "12345678")
    assert (youths["KontaktKilde"], day(youths)) == ("CPR", "2026-08-01T00:00:00+02:00")
    (in_the_feed,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    kinds = ("KontaktJobOgUddannelsesonsker", "JobcenterKontakt", "InstitutionKontakt", "UngKontakt")
    assert [in_the_feed[kind] for kind in kinds] == [[], None, [], None]


def test_the_youths_own_contact_is_registered_when_it_changes(world: World, endpoint: Endpoint) -> None:
    contacts = []
    for number, line in enumerate(
        (
            "Navn;01;101;;;",
            "Navn;01;101;;ung@example.dk;",
            "Andet navn;01;101;;ung@example.dk;",
            "Andet navn;01;101;;ung@example.dk;12345678",
            "Andet navn;01;101;;;",
            "Andet navn;01;101;;;12345678",
        ),
        start=1,
    ):
        world.clock(f"2026-08-{number:02}T08:00:00")
        delivered(world, f"{YOUNG};{line}")
        contacts.append(own(endpoint))
    assert contacts == [
        None,
        ("ung@example.dk", None, "2026-08-02"),
        ("ung@example.dk", None, "2026-08-02"),
        ("ung@example.dk", "12345678", "2026-08-04"),
        None,
        (None, "12345678", "2026-08-06"),
    ]


@pytest.mark.parametrize("known", [True, False])
def test_after_a_change_of_number_the_new_numbers_contact_counts(
    world: World, endpoint: Endpoint, *, known: bool
) -> None:
    new = "7103065900"
    world.clock("2026-08-01T08:00:00")
    delivered(world, f"{YOUNG};Navn;01;101;;gammel@example.dk;")
    world.clock("2026-08-02T08:00:00")
    line = f"{new};Navn;01;101;;ny@example.dk;"
    if known:
        delivered(world, line)
    world.clock("2026-08-03T08:00:00")
    delivered(world, f"{YOUNG};;60;;{new};;", line)
    assert own(endpoint, new) == ("ny@example.dk", None, "2026-08-02" if known else "2026-08-03")


def test_only_the_home_kommune_is_told_the_youths_own_contact(world: World, endpoint: Endpoint) -> None:
    delivered(world, f"{YOUNG};Navn;01;751;;ung@example.dk;")
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=YOUNG)) == {"8002"}
