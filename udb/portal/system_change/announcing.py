"""The form with which a change is announced (V 1.1: STIL is to know it in advance)."""

from collections.abc import Sequence
from typing import Any

from wtforms import Form

from udb.portal.reporting.faults import Fault, by_field
from udb.portal.reporting.fields import CodeField, DateField, TextField
from udb.statistics.system_change.announced import LONGEST, Announcement, Wrong

_ORDER = ("institution_nummer", "gammelt", "nyt", "dag", "kontakt")


def form_of(systems: Sequence[tuple[str, str]], said: Any = None, *, for_all: bool) -> Form:
    """Return the form. ``systems``: ids and names to propose; ``for_all``: STIL names the institution."""
    fields: dict[str, Any] = {}
    if for_all:
        fields["institution_nummer"] = TextField(
            "Hovedinstitution eller kommune", 6, hint="Institutionsnummer, seks cifre", wanted="Skriv nummeret."
        )
    fields["gammelt"] = CodeField(
        "Gammelt system",
        LONGEST["gammelt"],
        hint="Navn eller id. Er det ukendt her, bruges teksten, som den står i KildeLeverandoer",
        wanted="Skriv det gamle system.",
        options=systems,
    )
    fields["nyt"] = CodeField(
        "Nyt system", LONGEST["nyt"], hint="Navn eller id", wanted="Skriv det nye system.", options=systems
    )
    fields["dag"] = DateField("Dag for skiftet", hint="Den første dag, det nye system indberetter, fx 3 8 2026")
    fields["kontakt"] = TextField(
        "Hvem kan spørges?",
        LONGEST["kontakt"],
        hint="En postkasse eller et telefonnummer, ikke en person",
        wanted="Skriv en postkasse eller et telefonnummer.",
    )
    form: Form = type("AnnouncementForm", (Form,), fields)(said)
    return form


def announcement_of(form: Form, institution_nummer: str) -> Announcement:
    """Return what a form that holds says; ``institution_nummer``: when the form does not name it."""
    said = form.data
    return Announcement(
        said.get("institution_nummer") or institution_nummer, said["gammelt"], said["nyt"], said["dag"], said["kontakt"]
    )


def faults_of(form: Form, wrong: Sequence[Wrong]) -> dict[str, Sequence[Fault]]:
    """Return the faults of each field, those of the form itself and those of the announcement."""
    found = {name: list(faults) for name, faults in by_field(form, ()).items()}
    for one in wrong:
        name = one.felt if one.felt in form else ""
        anchor = f"{name}-dag" if name == "dag" else name
        found.setdefault(name, []).append(Fault(str(one.text), anchor or None))
    return {name: found[name] for name in (*_ORDER, "") if name in found}
