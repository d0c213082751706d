"""Files as the registers have them in form and size, made up by arithmetic: always the same, and of no real person."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from udb.paths import CODESETS

REGISTER_HEADER: Final = (
    "Hovedinstitution;Institutionsnummer;Institutionsnavn;Enhedsart;Adresse;Postnummer;Postdistrikt;Vejkode;"
    "Beliggenhedskommune;Beliggenhedsregion;Geokode: Breddegrad;Geokode: Længdegrad;Institutionsleder;Telefonnummer;"
    "E-mail adresse;Webadresse;Institutionstype, nr;Institutionstype, navn;Undervisningsniveau;Ressortministerium;"
    "CVR-nummer;P-nummer;Ejerkode, nr;Ejerkode, navn;Administrativ kommune;Aktivkode, nr;Aktivkode, navn;Ajourdato;"
    "Oprettelsesmåned;Nedlæggelsesdato"
)
"""The columns of Institutionsregisteret as it was downloaded in September 2026."""
OUTSIDE: Final = "Uden for kommunal inddeling (Færøerne og Grønland)"
GREENLAND: Final = "4010"
"""A type of schools on Greenland, which no code set has."""
INSTITUTIONS: Final = 1000
_IN_CAPITALS: Final = frozenset({"KOM", "STAR"})


def register_line(
    number: str,
    name: str,
    type3: str,
    *,
    main: str = "",
    place: str = "Københavns Kommune",
    administers: str = "",
    closed: str = "",
) -> str:
    """Return one institution; what UDB does not read is filled in as the register does, with nothing of a person."""
    values = {
        "Hovedinstitution": main,
        "Institutionsnummer": number,
        "Institutionsnavn": name,
        "Enhedsart": "Afdeling (underordnet enhed)" if main not in ("", number) else "Institution uden enheder",
        "Adresse": "Skolevej 1, 2.",
        "Postnummer": "1000",
        "Postdistrikt": "Byen",
        "Beliggenhedskommune": place,
        "Geokode: Breddegrad": "55.68004825",
        "Institutionsleder": "Navn Navnesen, konst.",
        "Institutionstype, nr": type3,
        "Institutionstype, navn": "Typens navn",
        "Ejerkode, navn": "Andre (Grønland, Færøerne og Tyskland)",
        "Administrativ kommune": administers,
        "Aktivkode, nr": "1",
        "Ajourdato": "17/12/2025",
        "Oprettelsesmåned": "200701",
        "Nedlæggelsesdato": closed,
    }
    return ";".join(values.get(column, "") for column in REGISTER_HEADER.split(";"))


def rows_of(saet: str) -> list[dict[str, str]]:
    """Return the rows of a shipped code set."""
    with (CODESETS / f"{saet}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def called(kommune: str) -> str:
    """Return the name by which the register calls a kommune of the code set."""
    return {"København": "Københavns Kommune", "Bornholm": "Bornholms Regionskommune"}.get(
        kommune, f"{kommune} Kommune"
    )


def register() -> bytes:
    """Return Institutionsregisteret: each kommune twice, the types in turn, departments, and schools outside Denmark.

    Without a line break at its end, as the public copy.
    """
    return "\n".join((REGISTER_HEADER, *_institutions())).encode()


def _institutions() -> Iterator[str]:
    kommuner = rows_of("kommuner")
    types = [row["kode"] for row in rows_of("institutionstyper_register") if row["kode"] not in _IN_CAPITALS]
    for row in kommuner:
        name = called(row["tekst"])
        yield register_line(f"{row['kode']}000", name, "2013", place=name, administers=name)
        title = f"Den kommunale ungeindsats i {name}"
        yield register_line(row["institutionsnummer"], title, "2025", place=name, administers=name)
    yield register_line("891605", "Atuarfik", GREENLAND, place=OUTSIDE, administers=OUTSIDE)
    yield register_line("961001", "En skole i Tyskland", "1061", place=OUTSIDE)
    schools = [one for one in types if one not in {"2013", "2025"}]
    made = 2 * len(kommuner) + 2
    for serial in range(INSTITUTIONS - made):
        name = called(kommuner[serial % len(kommuner)]["tekst"])
        type3, number = schools[serial % len(schools)], f"{500000 + serial}"
        main = f"{500000 + serial - 1}" if serial % 10 == 1 else (number if serial % 10 == 0 else "")
        title = "Efterskolen Å" if type3 in {"1010", "1011"} else f"Skole nr. {serial}, afd. Ø"
        administers = name if serial % 3 == 0 else ""
        closed = "31/07/2026" if serial % 97 == 0 else ""
        yield register_line(number, title, type3, main=main, place=name, administers=administers, closed=closed)


def people(count: int) -> Sequence[str]:
    """Return CPR numbers with day + 60, of youths born in 2002 to 2010."""
    return [
        f"{61 + serial % 28:02}{1 + serial // 28 % 12:02}{2 + serial // 336 % 9:02}{4000 + serial // 3024:04}"
        for serial in range(count)
    ]


def cpr(numbers: Sequence[str]) -> bytes:
    """Return a file of the CPR register: most live in a kommune, others abroad, on Greenland, on Christiansø, missing,
    dead or under another number.
    """
    codes = [row["kode"] for row in rows_of("kommuner")]
    out = io.StringIO()
    out.write("cprnr;navn;status;kommunekode;nyt_cprnr;mail;telefon\n")
    for serial, number in enumerate(numbers):
        kommune, name = codes[serial % len(codes)], f"Åse Ærø Ødegård {serial}"
        status, kommune, new = {
            7: ("80", "", ""),
            17: ("90", kommune, ""),
            27: ("07", "957", ""),
            37: ("70", "", ""),
            47: ("03", kommune, ""),
            57: ("01", "411", ""),
            67: ("20", kommune, ""),
            77: ("60", "", numbers[serial - 1]),
        }.get(serial % 100, ("01", kommune, ""))
        mail = f"ung{serial}@example.dk" if serial % 5 == 0 else ""
        out.write(f"{number};{'' if new else name};{status};{kommune};{new};{mail};{'12345678' if mail else ''}\n")
    return out.getvalue().encode()


def income(numbers: Sequence[str], month: str, unknown: Sequence[str] = ()) -> bytes:
    """Return a month of eIndkomst: two of three youths have lines, some several, of every kind that is known; strangers
    have lines too, and corrections are negative. ``unknown``: kinds that come in some lines besides.
    """
    kinds = [
        row["kode"] for row in rows_of("indtaegtsarter") if not row["gyldig_til"] and row["gyldig_fra"] <= f"{month}-01"
    ]
    lines = ["cprnr;maaned;indberetter;indtaegtsart;beloeb"]
    for serial, number in enumerate(numbers):
        if serial % 3 == 0:
            continue
        lines.append(f"{number};{month};{10000000 + serial % 900};00;{serial * 37 % 32000}.{serial % 100:02}")
        if serial % 4 == 0:
            lines.append(f"{number};{month};64942212;{kinds[serial % len(kinds)]};-{serial % 900}.50")
        if serial % 5 == 0:
            lines.append(f"{number};{month};19552101;{kinds[serial // 5 % len(kinds)]};8000.00")
        if unknown and serial % 50 == 1:
            lines.append(f"{number};{month};19552102;{unknown[serial // 50 % len(unknown)]};100.00")
    lines += [f"{71 + serial % 20:02}0155{4000 + serial:04};{month};64942212;00;25000.00" for serial in range(100)]
    return "".join(f"{line}\n" for line in lines).encode()
