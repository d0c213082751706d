"""One contact person for many youths: instead of another one, or for a whole school."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Blueprint, request
from werkzeug.wrappers import Response
from wtforms import Form, ValidationError

from udb.domain import elementer as e
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Receipt, Resultat
from udb.domain.services import KONTAKTPERSON
from udb.hentning.kommune.own import Art, Own, OwnSought, all_own_registrations
from udb.hentning.kommune.school import current_numbers, residents_at, schools
from udb.hentning.kommune.seen import Seen
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault, by_field, hard
from udb.portal.reporting.fields import CodeField, RadiosField, TextField
from udb.portal.reporting.routes import TRANSACTION
from udb.portal.state import house, the_session
from udb.portal.youths.names import masked, name_of
from udb.portal.youths.place import agreed, look, person, reference
from udb.portal.youths.routes import require_purpose
from udb.portal.youths.sending import not_agreed, taken
from udb.rules.r7004 import MAIL, TELEPHONE

pages = Blueprint("many", __name__, url_prefix="/unge/egne/skift")
pages.before_request(require_purpose)
MOST: Final = 300
"""How many youths get a contact person at once."""
CONTACT, SCHOOL = "kontakt", "skole"
_LONGEST_BASE: Final = 90
"""Characters of the hidden id; the row comes after it."""
_NUMBER: Final = len("461248")


class _Mail(TextField):
    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not MAIL.fullmatch(self.data or ""):
            raise ValidationError("Skriv e-mailadressen som navn@domæne.dk.")


class _Telephone(TextField):
    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not TELEPHONE.fullmatch("".join((self.data or "").split())):
            raise ValidationError("Skriv telefonnummeret med 8 cifre.")


class Change(Form):
    """Whose contact person is changed, and the new one."""

    hvem = RadiosField(
        "For hvem?",
        ((CONTACT, "Unge, der har en bestemt kontaktperson"), (SCHOOL, "Unge på en skole")),
        default=CONTACT,
    )
    gammel = TextField(
        "Nuværende kontaktpersons navn eller e-mail", 100, hint="Når de unge har en bestemt kontaktperson"
    )
    skole = CodeField("Skole", 200, hint="Når de unge går på en skole. Skriv navnet, eller nummeret med seks cifre")
    klasse = TextField("Klasse", 100, hint="Som skolen har indberettet den, fx 9B. Tomt felt: hele skolen")
    KontaktNavn = TextField("Ny kontaktpersons navn", 100, wanted="Skriv navnet.")
    KontaktMail = _Mail("Ny kontaktpersons e-mail", 254, wanted="Skriv e-mailadressen.")
    KontaktTelefon = _Telephone("Ny kontaktpersons telefon", 30, wanted="Skriv telefonnummeret.")

    def __init__(self, said: Any = None, known: Sequence[tuple[str, str]] = ()) -> None:
        """Take what was said; ``known``: the schools that can be chosen by name."""
        self._known = known
        super().__init__(said)

    def process(self, *given: Any, **more: Any) -> None:
        """Take what was said, once it is known what it may mean."""
        self["skole"].options = self._known
        super().process(*given, **more)

    def validate_gammel(self, field: Any) -> None:
        """Require it where it is used."""
        if self.hvem.data == CONTACT and not field.data:
            raise ValidationError("Skriv, hvem der er kontaktperson nu.")

    def validate_skole(self, field: Any) -> None:
        """Require it where it is used."""
        said = field.data or ""
        if self.hvem.data == SCHOOL and not (said.isascii() and said.isdecimal() and len(said) == _NUMBER):
            raise ValidationError("Skriv institutionens nummer med seks cifre, eller vælg den på listen.")


@dataclass(frozen=True, slots=True)
class Row:
    """A youth to choose."""

    reference: str
    navn: str
    cpr: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row of the form. ``receipt``: None when the reference named no one."""

    number: int
    receipt: Receipt | None

    @property
    def result(self) -> str:
        """The result in a word."""
        if self.receipt is None:
            return "Ikke sendt"
        if self.receipt.resultat is not Resultat.ACCEPTERET:
            return "Afvist"
        return "Gentaget" if self.receipt.repeated else "Accepteret"


@pages.get("/")
@agreed
def choose() -> Response:
    """Show the form."""
    return _form(Change(None, _schools()), {})


@pages.post("/")
@agreed
def check() -> Response:
    """Show the youths that the form means, to be marked."""
    form = Change(request.form, _schools())
    if not form.validate():
        return _form(form, by_field(form, ()))
    rows = _meant(form)
    if not rows:
        too_many = f"Der er flere end {MOST} unge. Vælg en klasse, eller skriv mere af navnet."
        text = too_many if rows is None else "Ingen unge passer."
        return _form(form, {"": [Fault(text, "gammel" if form.hvem.data == CONTACT else "skole")]})
    return page(
        "youths/many_check.html",
        rows=rows,
        kept=[(name, form[name].data or "") for name in form._fields],
        contact=_contact(form),
        transaction=str(uuid4()),
    )


@pages.post("/send")
@agreed
def send() -> Response:
    """Register the contact person of each marked youth, and show what became of each."""
    form, base = Change(request.form, _schools()), request.form.get(TRANSACTION, "")
    marked = request.form.getlist("ung")[: MOST + 1]
    usable = base.isprintable() and 0 < len(base) <= _LONGEST_BASE
    if not form.validate() or not usable or not marked or len(marked) > MOST:
        return _form(form, by_field(form, ()) or {"": [Fault(f"Markér mindst én og højst {MOST} unge.", None)]})
    persons = [person(one) for one in marked]
    numbers = current_numbers(house().context, persons)
    done = []
    for number, person_id in enumerate(persons, 1):
        receipt = None
        if person_id in numbers:
            # The id is the youth's and not the row's: another marking does not change whose report it is.
            receipt = taken(_report(form, numbers[person_id]), f"{base}-{person_id}")
            if receipt is None:
                return not_agreed(KONTAKTPERSON)
        done.append(Done(number, receipt))
    words = ("Accepteret", "Gentaget", "Afvist", "Ikke sendt")
    counts = [(word, sum(one.result == word for one in done)) for word in words]
    refusals = [(one, hard(one.receipt)) for one in done if one.receipt is not None and one.result == "Afvist"]
    return page("youths/many_receipt.html", done=done, counts=counts, refusals=refusals, contact=_contact(form))


def _schools() -> Sequence[tuple[str, str]]:
    return schools(house().context, look("SkiftKontaktperson"))


def _meant(form: Change) -> list[Row] | None:
    """Return the youths that the form means; None when they are too many."""
    context = house().context
    if form.hvem.data == SCHOOL:
        found: Sequence[Seen | Own] | None = residents_at(
            context, look("SkiftKontaktperson"), form.skole.data or "", form.klasse.data, MOST
        )
    else:
        sought = OwnSought(art=Art.KONTAKTER, tekst=form.gammel.data)
        found = all_own_registrations(context, look("SkiftKontaktperson"), sought, MOST)
    if found is None:
        return None
    return [Row(reference(one.person_id), name_of(one), masked(one.cprnr)) for one in found]


def _contact(form: Change) -> Sequence[tuple[str, str]]:
    return [(field.label.text, field.data or "") for field in (form.KontaktNavn, form.KontaktMail, form.KontaktTelefon)]


def _report(form: Change, cprnr: str) -> Indberetning:
    said = {e.ATTRIBUTE[name]: form[name].data for name in (e.KONTAKT_NAVN, e.KONTAKT_MAIL, e.KONTAKT_TELEFON)}
    kommune = the_session().institution_nummer or ""
    return Indberetning(service=KONTAKTPERSON, cprnr=cprnr, institution_nummer=kommune, **said)


def _form(form: Change, faults: Any) -> Response:
    summary = [fault for each in faults.values() for fault in each]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
    return page("youths/many.html", status, form=form, faults=faults, summary=summary, most=MOST)
