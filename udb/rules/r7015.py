"""7015: a contact without mail, or without telephone.

The guidance asks for name, mail and telephone. A job centre's subscription may come without a contact person. Source:
V 2.1.

Wrong: ``KontaktNavn`` and ``KontaktMail`` only.
Right: ``KontaktNavn``, ``KontaktMail`` and ``KontaktTelefon``.
"""

from udb.domain.elementer import KONTAKT_MAIL, KONTAKT_TELEFON
from udb.domain.haendelse import Indberetning
from udb.domain.services import CONTACTS, JOBCENTER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, names_contact
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit on the first element that is missing."""
    if not names_contact(report):
        return None
    if report.kontakt_mail is None:
        return Hit()
    return Hit(element=KONTAKT_TELEFON) if report.kontakt_telefon is None else None


RULE = Rule(
    code="7015",
    navn="Mail eller telefon mangler",
    name="Mail or telephone missing",
    alvor=Alvor.BLOED,
    element=KONTAKT_MAIL,
    tekst=(
        "Kontaktpersonens mailadresse eller telefonnummer mangler. Angiv både KontaktMail og KontaktTelefon, hvis "
        "kontaktpersonen har begge dele."
    ),
    text=(
        "The contact person's mail address or telephone number is missing. Give both KontaktMail and KontaktTelefon if "
        "the contact person has both."
    ),
    forklaring="Vejledningen beder om navn, mail og telefon. Et jobcenters abonnement kan komme uden kontaktperson.",
    forkert="Kun KontaktNavn og KontaktMail.",
    rigtigt="KontaktNavn, KontaktMail og KontaktTelefon.",
    source="V 2.1",
    services=CONTACTS | {JOBCENTER},
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
)
