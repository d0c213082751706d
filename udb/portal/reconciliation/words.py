"""The Danish words of the pages: kinds and marks, and what the marks mean."""

from collections.abc import Mapping
from typing import Final

from udb.hentning.reconciliation.kinds import Hvad
from udb.hentning.reconciliation.marks import Maerke
from udb.statistics.definitions.opmaerkninger import Maerke as StatusMaerke

KINDS: Final[Mapping[Hvad, str]] = {
    Hvad.KONTAKT: "Kontaktpersoner",
    Hvad.FORLOEB: "Igangværende forløb på en dag",
    Hvad.AFBRUD: "Afbrud i en periode",
    Hvad.OENSKER: "Ønsker",
    Hvad.TIDER: "Kontakt- og tilbudstid i en periode",
}
MARKS: Final[Mapping[Maerke, str]] = {
    Maerke.UGYLDIG_LINJE: "Ugyldig linje",
    Maerke.DUBLET: "Dublet",
    Maerke.OVERLAP: "Overlap",
    Maerke.IKKE_VIST: "Ikke vist",
    Maerke.ALDER: "Alder",
    Maerke.UGYLDIG_KODE: "Ugyldig kode",
    Maerke.AFVIST: "Afvist",
    Maerke.ANNULLERET: "Annulleret",
    Maerke.MANGLER_I_UDB: "Mangler i UDB",
    Maerke.AFVIGER: "Afviger",
    Maerke.FUNDET: "Fundet",
    Maerke.KUN_I_UDB: "Kun i UDB",
}
STATUS_MARKS: Final[Mapping[StatusMaerke, tuple[str, str]]] = {
    StatusMaerke.ANNULLERET: ("Annulleret", "Indberetningen er annulleret."),
    StatusMaerke.GENTAGET: ("Gentaget", "Indberetningen er gentaget under et nyt CPR-nummer."),
    StatusMaerke.UDEN_BOPAEL: ("Uden bopæl", "Den unge havde ikke bopæl i Danmark den dag."),
    StatusMaerke.ALDER: ("Alder", "Den unge var ikke 15-24 år den dag."),
    StatusMaerke.UDEN_OPTAG: ("Uden optag", "Forløbet har intet optag. Indberet det."),
    StatusMaerke.UGYLDIG_KODE: ("Ugyldig kode", "Koden gælder ikke på optagsdagen efter de nuværende kodesæt."),
    StatusMaerke.ENDNU_IKKE: ("Endnu ikke", "Forløbet begyndte senere."),
    StatusMaerke.AFSLUTTET_FOER: ("Afsluttet før", "Forløbet var slut den dag eller før."),
    StatusMaerke.IKKE_UDDANNELSE: ("Ikke uddannelse", "Aktiviteten tæller ikke som uddannelse."),
    StatusMaerke.OVERLAP: ("Overlap", "Et forløb af samme art et andet sted er begyndt senere og tæller i stedet."),
    StatusMaerke.TAELLER_MED: ("Tæller med", "Den unge er i uddannelse ved forløbet."),
}
