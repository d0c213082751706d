"""Refusals by the schema, and values that it leaves to the rules: each case changes one element of a valid sample."""

import re

import pytest
from lxml import etree

from tests.wsdl.contract import SAMPLES, schema_for

UNGDOM = "IndberetningUngdomsuddannelseRequest"
SKOLE = "IndberetningForberedendeAktivitetRequest"
TILBUD = "IndberetningKontaktTilbudstidRequest"
KOMMUNE = "IndberetningKommuneAktivitetRequest"
KONTAKT = "IndberetningKontaktpersonRequest"
ONSKER = "IndberetningOnskerRequest"
JOBCENTER = "IndberetningJobcenterRequest"
HENT = "HentHaendelserRequest"
HENTET = "HentHaendelserResponse"
AFVIST = "IndberetningUngdomsuddannelseResponse.afvist"

BODY = "IndberetningUngdomsuddannelse"
NUMBER = "HaendelseNummer"
DATE = "HaendelseDato"
ITSELF = r"\g<0>"
ABSENT = ""


def v1(name: str, value: str) -> str:
    return f"<v1:{name}>{value}</v1:{name}>"


def ipl(name: str, value: str) -> str:
    return f"<ipl:{name}>{value}</ipl:{name}>"


def wishes(number: int) -> str:
    """Return that many job wishes; the sample has one more."""
    return v1("JobOnsker", v1("JobOnsker", "Skolelærer")) * number


def changed(sample: str, element: str, replacement: str) -> etree._Element:
    """Return the sample with the first element of that name replaced."""
    text = (SAMPLES / f"{sample}.xml").read_text("utf-8")
    found = re.compile(rf"<(v1|ipl):{element}>.*?</\1:{element}>(?!\s*</\1:{element}>)", re.DOTALL)
    text, times = found.subn(replacement, text, count=1)
    assert times == 1
    return etree.fromstring(text.encode())


@pytest.mark.parametrize(
    ("sample", "element", "replacement", "blamed"),
    [
        pytest.param(UNGDOM, "Annullering", v1("Ukendt", "1") + ITSELF, "Ukendt", id="unknown element"),
        pytest.param(UNGDOM, "CPRNr", ipl("CPRNr", "7408064217"), "CPRNr", id="wrong namespace"),
        pytest.param(UNGDOM, "Annullering", ABSENT, "FrafaldstruetMarkering", id="element missing"),
        pytest.param(UNGDOM, "Status", ITSELF + ITSELF, "Status", id="element twice"),
        pytest.param(UNGDOM, BODY, ITSELF + ITSELF, BODY, id="two reports"),
        pytest.param(UNGDOM, "SystemName", ipl("SystemName", "S" * 101), "SystemName", id="system name of 101"),
        pytest.param(UNGDOM, "SystemName", ipl("SystemName", ""), "SystemName", id="system name empty"),
        pytest.param(UNGDOM, "CPRNr", v1("CPRNr", "740806421"), "CPRNr", id="CPR of 9 digits"),
        pytest.param(UNGDOM, "CPRNr", v1("CPRNr", "740806-4217"), "CPRNr", id="CPR with hyphen"),
        pytest.param(UNGDOM, "CPRNr", v1("CPRNr", " 7408064217"), "CPRNr", id="CPR with blank"),
        pytest.param(
            UNGDOM, "InstitutionNummer", v1("InstitutionNummer", "46124"), "InstitutionNummer", id="institution of 5"
        ),
        pytest.param(UNGDOM, DATE, v1(DATE, "1899-12-31T23:59:59.999+01:00"), DATE, id="year 1899"),
        pytest.param(UNGDOM, DATE, v1(DATE, "3000-01-01T00:00:00.000+01:00"), DATE, id="year 3000"),
        pytest.param(UNGDOM, DATE, v1(DATE, "20220-08-08T00:00:00"), DATE, id="year of five digits"),
        pytest.param(UNGDOM, DATE, v1(DATE, "-2022-08-08T00:00:00"), DATE, id="before our era"),
        pytest.param(UNGDOM, DATE, v1(DATE, "2022-02-30T00:00:00"), DATE, id="30 February"),
        pytest.param(UNGDOM, DATE, v1(DATE, "2022-08-08"), DATE, id="date alone"),
        pytest.param(UNGDOM, DATE, v1(DATE, ""), DATE, id="date empty"),
        pytest.param(UNGDOM, "Status", v1("Status", "4"), "Status", id="Status 4"),
        pytest.param(UNGDOM, "Status", v1("Status", "0"), "Status", id="Status 0"),
        pytest.param(UNGDOM, "COsAFormaal", v1("COsAFormaal", "1" * 11), "COsAFormaal", id="formaal of 11"),
        pytest.param(UNGDOM, "COsAFormaal", v1("COsAFormaal", ""), "COsAFormaal", id="formaal empty"),
        pytest.param(
            UNGDOM, "COsAFormaalVersion", v1("COsAFormaalVersion", "1000"), "COsAFormaalVersion", id="version 1000"
        ),
        pytest.param(UNGDOM, "COsAFormaalVersion", v1("COsAFormaalVersion", "0"), "COsAFormaalVersion", id="version 0"),
        pytest.param(
            UNGDOM, "KildeLeverandoer", v1("KildeLeverandoer", "L" * 101), "KildeLeverandoer", id="source of 101"
        ),
        pytest.param(UNGDOM, "Annullering", v1("Annullering", "nej"), "Annullering", id="boolean in Danish"),
        pytest.param(UNGDOM, "GennemfoertHf", v1("Praktiksted", " "), "Praktiksted", id="practice place blank"),
        pytest.param(UNGDOM, "GennemfoertHf", v1("Praktiksted", "P" * 201), "Praktiksted", id="practice place of 201"),
        pytest.param(KONTAKT, "KontaktNavn", v1("KontaktNavn", " \n\t "), "KontaktNavn", id="name blank"),
        pytest.param(KONTAKT, "KontaktMail", v1("KontaktMail", "m" * 255), "KontaktMail", id="mail of 255"),
        pytest.param(KONTAKT, "KontaktTelefon", v1("KontaktTelefon", "1" * 31), "KontaktTelefon", id="telephone of 31"),
        pytest.param(SKOLE, "ElevTrin", v1("ElevTrin", "100"), "ElevTrin", id="ElevTrin 100"),
        pytest.param(SKOLE, "KlasseTrin", v1("KlasseTrin", "-1"), "KlasseTrin", id="KlasseTrin -1"),
        pytest.param(SKOLE, "KlasseType", v1("KlasseType", "4" * 21), "KlasseType", id="KlasseType of 21"),
        pytest.param(ONSKER, "JobOnsker", wishes(50), "JobOnsker", id="51 wishes"),
        pytest.param(KOMMUNE, "IfoelgeKommunen", v1("IfoelgeKommunen", "risiko"), "IfoelgeKommunen", id="wrong case"),
        pytest.param(TILBUD, "Type", v1("Type", "Ventetid"), "Type", id="unknown Type"),
        pytest.param(JOBCENTER, "Handling", v1("Handling", "Slet"), "Handling", id="unknown Handling"),
        pytest.param(HENT, "CPRNr", v1(NUMBER, ""), NUMBER, id="number empty"),
        pytest.param(HENT, "CPRNr", v1(NUMBER, "1" * 41), NUMBER, id="number of 41"),
        pytest.param(HENT, "CPRNr", ITSELF + v1(NUMBER, "x"), NUMBER, id="criteria in wrong order"),
        pytest.param(HENTET, "ForloebId", ABSENT, "InstitutionNummer", id="event without forloeb"),
        pytest.param(HENTET, "CorrelationID", ipl("CorrelationID", "1"), "CorrelationID", id="correlation id no GUID"),
        pytest.param(AFVIST, "FejlKode", v1("FejlKode", "401"), "FejlKode", id="code of 3 digits"),
    ],
)
def test_schema_refuses(sample, element, replacement, blamed):
    document = changed(sample, element, replacement)
    schema = schema_for(document)
    assert not schema.validate(document)
    assert set(re.findall(r"Element '\{[^}]+\}(\w+)':", str(schema.error_log))) == {blamed}


def test_schema_refuses_a_wrong_order():
    document = changed(UNGDOM, "CPRNr", ITSELF)
    report = document.find("{*}Message")[0]
    report.append(report[0])
    schema = schema_for(document)
    assert not schema.validate(document)
    assert "InstitutionNummer': This element is not expected. Expected is" in str(schema.error_log)


@pytest.mark.parametrize(
    ("sample", "element", "replacement"),
    [
        pytest.param(UNGDOM, DATE, v1(DATE, "1900-01-01T00:00:00"), id="year 1900, without zone"),
        pytest.param(UNGDOM, DATE, v1(DATE, "2999-12-31T23:59:59.999999999Z"), id="year 2999, nanoseconds"),
        pytest.param(UNGDOM, "COsAFormaal", v1("COsAFormaal", "FINDES IKK"), id="a code no code set has"),
        pytest.param(UNGDOM, "COsAFormaalVersion", v1("COsAFormaalVersion", "999"), id="version 999"),
        pytest.param(UNGDOM, "Status", v1("Status", "2"), id="afbrud without cause"),
        pytest.param(UNGDOM, "InstitutionNummer", v1(NUMBER, "x") + ITSELF, id="number of any form"),
        pytest.param(UNGDOM, "KildeLeverandoer", v1("KildeLeverandoer", "\n LUDUS \n"), id="white space around a text"),
        pytest.param(SKOLE, "ElevTrin", v1("ElevTrin", "0"), id="ElevTrin 0"),
        pytest.param(SKOLE, "KlasseTrin", v1("KlasseTrin", "99"), id="KlasseTrin 99"),
        pytest.param(SKOLE, "ElevTrin", v1("ForberedendeAktivitetsKode", "1060") + ITSELF, id="both alternatives"),
        pytest.param(KOMMUNE, "IfoelgeKommunen", ABSENT, id="no alternative"),
        pytest.param(JOBCENTER, "Abonnement", ABSENT, id="neither activity nor subscription"),
        pytest.param(ONSKER, "JobOnsker", wishes(49), id="50 wishes"),
        pytest.param(ONSKER, "UddannelsesOnsker", v1("Slet", "Begge"), id="wishes beside Slet"),
        pytest.param(KONTAKT, "KontaktNavn", ABSENT, id="contact without name"),
        pytest.param(HENT, "CPRNr", v1(NUMBER, "x") + ITSELF, id="both criteria"),
        pytest.param(HENT, "CPRNr", ABSENT, id="no criterion"),
    ],
)
def test_schema_leaves_to_the_rules(sample, element, replacement):
    document = changed(sample, element, replacement)
    schema_for(document).assertValid(document)
