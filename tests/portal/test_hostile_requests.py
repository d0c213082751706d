"""Every address and every role with what no browser sends: an answer, and nothing typed into an address comes back."""

import io
import re
from itertools import product
from urllib.parse import quote

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.support.endpoint import Endpoint
from tests.support.own import Youth
from tests.support.portal import ADDRESS, Browser, url_rules
from tests.support.reporting import Administrator, agree
from tests.support.reports import optag
from tests.support.size import LARGE
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM
from udb.portal.headers import POLICY, STATIC
from udb.portal.roles import Role, may_open
from udb.store.engine import reading
from udb.store.tables import person
from udb.wsdl.use_cases import application

TYPED = "7103075199"
"""A CPR number that someone has typed where none belongs."""
KNOWN = "7103075101"
"""A youth of the kommune and of the school."""
FEW = (TYPED, "9" * 5000, "a\0b", "31-12-9999")
MANY = ("x" * 5000, "\u202etxt\r\nX: y", "99999999999", "-1", "²٣", "' OR 1=1--", "0001-01-01", "9999-12-31", "[]")
NASTY = (*FEW, *(MANY if LARGE else ()))
FIRST = {
    "door": "unilogin", "name": "udb.css", "skaerm": "status", "tabel": "linje", "nummer": "1", "reference": "x",
    "form": "csv", "hvad": "kontakt", "slags": "job", "punkt": "1",
}  # fmt: skip
"""A value for each part of an address."""
ARGUMENTS = (
    *(
        "side",
        "maaned",
        "dag",
        "nummer",
        "slags",
        "form",
        "definition",
        "alder",
        "kommune",
        "fra",
        "til",
        "hvad",
        "foer",
    ),
    *(
        "tjeneste",
        "skole",
        "alder_fra",
        "alder_til",
        "situation",
        "risiko",
        "afbrud_dage",
        "udfald",
        "status",
        "system",
    ),
    *(
        "sorter",
        "retning",
        "bruger",
        "formaal",
        "ung",
        "art",
        "raekke",
        "institution",
        "type",
        "aar",
        "diskret",
        "state",
    ),
    *("naeste", "code", "vurdering", "maal", "linje", "resultat", "indhold"),
)
FIELDS = (
    *(
        "begrundelse",
        "fund",
        "CPRNr",
        "InstitutionNummer",
        "gammelt",
        "nyt",
        "dag-dag",
        "dag-maaned",
        "dag-aar",
        "navn",
    ),
    *(
        "kontakt",
        "institution_nummer",
        "institution",
        "hvad",
        "dag",
        "fra",
        "til",
        "mail",
        "telefon",
        "formaal",
        "Kode",
    ),
    *("tjeneste", "raad", "KontaktNavn", "KontaktMail", "HaendelseDato-dag", "HaendelseDato-maaned", "Type", "valg"),
    *("HaendelseDato-aar", "AfbrudHaendelseNummer", "VedroererHaendelseNummer", "logout_token", "transaktion", "som"),
)
EDGES = ("31-12-9999", "01-01-0001", "9999-12-31", "0001-01-01")
DAYS = (*EDGES[:2], *((*EDGES[2:], "9999-12", "0001-01", "29-02-2027", "2" * 5000) if LARGE else ()))
DATED = ("dag", "maaned", "aar")
"""Arguments that are tried alone: a fault of another would hide what they lead to."""
LISTS = (
    ("forloeb", "CPRNr;Kode;DatoOptag;Slutdato"),
    ("afbrud", "CPRNr;Kode;HaendelseDato;AfbrudsarsagsKode"),
    ("tider", "CPRNr;Type;HaendelseDato;AfbrudHaendelseNummer"),
)
FILES = (
    b"",
    b"\0\0",
    b"\xff\xfe",
    b"CPRNr;Kode\n" + b'"' * 999,
    b"CPRNr\n" + TYPED.encode(),
    b"CPRNr;\xb2\n\xb2;\xb2\n",
)


@pytest.fixture
def routes(house):
    """The rules of the portal's own map of addresses."""
    left_out = {STATIC, "login.out", "login.begin"}
    return [rule for rule in url_rules(house) if rule.endpoint not in left_out]


def address(rule, value=None):
    """Return an address of a rule, with one value in each of its parts."""
    return "/web" + re.sub(r"<(?:path:)?(\w+)>", lambda part: quote(value or FIRST[part[1]], safe=""), rule.rule)


def browser_of(role, site, house, world):
    for nummer in (KOMMUNE, GYMNASIUM):
        agree(house.engine, nummer)
    world.person(KNOWN)
    optag(Endpoint(application(house, {})), KNOWN, 10)
    if role is None:
        return Browser(site), ""
    if role is Role.UNG:
        with reading(house.engine) as connection:
            number = connection.execute(select(person.c.id)).scalar_one()
        return Youth(site, house.engine, number), ""
    number = {Role.BRUGERADMINISTRATOR: GYMNASIUM, Role.DATAMEDARBEJDER: ""}.get(role, KOMMUNE)
    found = Administrator(site, house.engine, number, role)
    found.send_form("/web/unge/formaal", {"formaal": "vejledning"})
    change = {"gammelt": "g", "nyt": SYSTEM, "dag-dag": "12", "dag-maaned": "8", "dag-aar": "2026", "kontakt": "it"}
    found.send_form("/web/systemskifte/meld", change)
    return found, found.csrf


def requests(rule, csrf):
    """Yield the requests for a rule: whether the value is in the address, and what they are opened with."""
    if "<" in rule.rule:
        for value, method in product(NASTY, ("GET", "POST", "OPTIONS")):
            form = {"data": {"csrf": csrf}} if method == "POST" else {}
            yield True, {"path": address(rule, value), "method": method, **form}
    if "GET" in rule.methods:
        yield from ((False, {"path": address(rule), **sent}) for sent in asked())
    if "POST" in rule.methods:
        yield from ((False, {"path": address(rule), "method": "POST", **sent}) for sent in forms(csrf))


def asked():
    """Yield what a page is asked for: all arguments at once and some of them twice, and those of days alone."""
    for value in NASTY:
        every = [(name, value) for name in ARGUMENTS]
        yield {"query_string": [*every, *every[:5]]}
    for day, names in product(DAYS, (("fra", "til"), *((one,) for one in DATED))):
        yield {"query_string": [(name, day) for name in names]}
    yield {"method": "HEAD"}
    yield {"query_string": "side=%ff&%00=%00&%ff=x"}


def forms(csrf):
    """Yield what a form says: all fields at once, files, and what no form says."""
    for value in NASTY:
        yield {"data": {"csrf": csrf, **dict.fromkeys(FIELDS, value)}}
    for raw in FILES:
        yield {"data": {"csrf": csrf, "hvad": "kontakt", "fil": (io.BytesIO(raw), "\u202ea\0.csv")}}
    for (hvad, head), day, kode in product(LISTS, EDGES[:2], ("3009", "K01", "Kontakttid")):
        raw = f"{head}\n{KNOWN};{kode};{day};{day}\n".encode()
        file = {"fil": (io.BytesIO(raw), "f.csv"), "fra": EDGES[3], "til": EDGES[2]}
        yield {"data": {"csrf": csrf, "hvad": hvad, **file}}
    yield {"data": {"csrf": [csrf, "x"]}}
    yield {"data": b"{}", "content_type": "application/json"}


@pytest.mark.large
@pytest.mark.parametrize("role", [None, *Role])
def test_nothing_that_is_sent_is_a_defect_or_comes_back(role, routes, site, house, world):
    browser, csrf = browser_of(role, site, house, world)
    with capture_logs() as lines:
        for rule in routes:
            refused = ((True, {"path": address(rule, TYPED)}),)
            for typed, sent in requests(rule, csrf) if may_open(rule.endpoint, role) else refused:
                what = (sent.get("method", "GET"), rule.rule, str(sent)[:200])
                answer = browser._client.open(base_url=ADDRESS, buffered=True, **sent)
                assert answer.status_code < 500, what
                assert answer.headers["Content-Security-Policy"] == POLICY, what
                assert answer.headers["X-Content-Type-Options"] == "nosniff", what
                assert answer.headers["Referrer-Policy"] == "no-referrer", what
                title = re.search("<title>(.*?)</title>", answer.text) if answer.mimetype == "text/html" else None
                shown = (answer.headers.get("Location", ""), title[1] if title else "", answer.text if typed else "")
                assert TYPED not in "".join(shown), what
    assert TYPED not in repr(lines)
