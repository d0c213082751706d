"""7004: a contact without a name, with neither mail nor telephone, or not well-formed.

A mail address has text before and after one @ and a dot in the domain; a telephone number has 8 digits, or + and 8 to
15 digits, blanks ignored. A job centre's subscription may come without a contact person. Source: V 2.1.

Wrong: ``KontaktTelefon`` 004523456789; ``KontaktMail`` test@jensen.
Right: ``KontaktTelefon`` 23 45 67 89 or +4523456789; ``KontaktMail`` test@jensen.dk.
"""

import re

from udb.domain.elementer import KONTAKT_MAIL, KONTAKT_NAVN, KONTAKT_TELEFON
from udb.domain.haendelse import Indberetning
from udb.domain.services import CONTACTS, JOBCENTER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, names_contact
from udb.rules.rule import Alvor, Hit, Rule

MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
TELEPHONE = re.compile(r"[0-9]{8}|\+[0-9]{8,15}")


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit on the first of the three elements that is wrong."""
    mail, telephone = report.kontakt_mail, report.kontakt_telefon
    if not names_contact(report):
        return None
    if report.kontakt_navn is None:
        return Hit(element=KONTAKT_NAVN)
    if mail is None and telephone is None:
        return Hit()
    if mail is not None and not MAIL.fullmatch(mail.strip()):
        return Hit()
    if telephone is not None and not TELEPHONE.fullmatch("".join(telephone.split())):
        return Hit(element=KONTAKT_TELEFON)
    return None


RULE = Rule(
    code="7004",
    navn="Kontaktpersonen er ufuldstændig",
    name="Incomplete contact person",
    alvor=Alvor.HAARD,
    element=KONTAKT_MAIL,
    tekst=(
        "Kontaktpersonen skal have KontaktNavn og mindst én af KontaktMail og KontaktTelefon. Mailadressen skal have "
        "formen navn@domæne.dk; telefonnummeret skal have 8 cifre, eller + og 8-15 cifre. Ret det, og indberet igen."
    ),
    text=(
        "The contact person must have KontaktNavn and at least one of KontaktMail and KontaktTelefon. The mail address "
        "must have the form name@domain.dk; the telephone number must have 8 digits, or + and 8-15 digits. Correct it "
        "and report again."
    ),
    forklaring=(
        "Kontaktpersonen har intet navn, hverken mail eller telefon, eller en af dem har en forkert form. En "
        "mailadresse har tekst før og efter ét @ og et punktum i domænet; et telefonnummer har 8 cifre, eller + og "
        "8 til 15 cifre, hvor blanktegn ikke tæller. Et jobcenters abonnement kan komme uden kontaktperson."
    ),
    forkert="KontaktTelefon 004523456789; KontaktMail test@jensen.",
    rigtigt="KontaktTelefon 23 45 67 89 eller +4523456789; KontaktMail test@jensen.dk.",
    source="V 2.1",
    services=CONTACTS | {JOBCENTER},
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
)
