"""Contact persons that a kommune registered in a year."""

from typing import Final

from udb.statistics.definitions.definition import Definition

KONTAKTER: Final = Definition(
    kort="kontakter",
    navn="Registrerede kontaktpersoner",
    version="v1",
    kilde="UDB-vejledningen 5.1; styrelsens undersøgelse af kontaktoplysninger 2025",
    formel="Accepterede indberetninger om en kommunes kontaktpersoner i året (dansk tid), uden sletninger og "
    "gentagelser; de forskellige unge, de handler om; og de kontakter, der gjaldt, da året sluttede. Kommunen er den, "
    "der registrerede.",
    eksempel="En kontakt, der udskiftes to gange på et år, giver tre registrerede, én ung og én gældende.",
)
