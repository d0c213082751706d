"""The contact persons and wishes that are registered, also after ``Slet``."""

from tests.model.who import calls_from_home
from tests.model.words import Registered, World, Youth
from udb.domain.haendelse import Indberetning
from udb.domain.services import INSTITUTION_KONTAKT, ONSKER

KINDS = {"Job": ("job",), "Uddannelse": ("uddannelse",), "Begge": ("job", "uddannelse")}


def register(world: World, youth: Youth, said: Indberetning, at: int) -> None:
    """Apply an accepted Kontaktperson, Onsker or InstitutionKontakt."""
    if said.service == ONSKER:
        for kind in KINDS.get(str(said.slet), ()):
            _delete(world, world.wishes, youth, said, kind)
        for kind, texts in (("job", said.job_onsker), ("uddannelse", said.uddannelses_onsker)):
            if texts:
                world.wishes[youth, kind, said.institution_nummer] = Registered(texts, at)
        return
    art = "institution" if said.service == INSTITUTION_KONTAKT else "kommune"
    if said.slet:
        _delete(world, world.contacts, youth, said, art)
        return
    world.contacts[youth, art, said.institution_nummer] = Registered(
        (said.kontakt_navn, said.kontakt_mail, said.kontakt_telefon), at
    )


def _delete(
    world: World,
    registered: dict[tuple[Youth, str, str], Registered],
    youth: Youth,
    said: Indberetning,
    art: str,
) -> None:
    """Delete what the caller registered; for the home kommune also what an earlier home kommune did."""
    every = said.service != INSTITUTION_KONTAKT and calls_from_home(world, said)
    for key in list(registered):
        if key[0] is youth and key[1] == art and (every or key[2] == said.institution_nummer):
            del registered[key]


def join(world: World, goes: Youth, stays: Youth) -> None:
    """Join two youths: of what one caller registered about both, the latest remains."""
    for registered in (world.contacts, world.wishes):
        for key in [key for key in registered if key[0] is goes]:
            moved = registered.pop(key)
            known = registered.get((stays, key[1], key[2]))
            if known is None or known.at < moved.at:
                registered[stays, key[1], key[2]] = moved
