"""4015: not exactly one of an activity code and a mark according to the kommune.

Either ``KommuneAktivitetsKode`` alone, or ``IfoelgeKommunen`` with the ``VedroererHaendelseNummer`` of the optag it is
about. Source: own.

Wrong: ``KommuneAktivitetsKode`` together with ``IfoelgeKommunen`` or with ``VedroererHaendelseNummer``.
Right: ``KommuneAktivitetsKode`` K03; or ``IfoelgeKommunen`` Risiko with ``VedroererHaendelseNummer``.
"""

from udb.domain.elementer import KOMMUNE_AKTIVITETS_KODE, VEDROERER_HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when both or neither are given, or when a code comes with a reference to another report."""
    has_code = report.kommune_aktivitets_kode is not None
    if has_code == (report.ifoelge_kommunen is not None):
        return Hit()
    return Hit(element=VEDROERER_HAENDELSE_NUMMER) if has_code and report.vedroerer_haendelse_nummer else None


RULE = Rule(
    code="4015",
    navn="Enten aktivitet eller markering",
    name="Either activity or mark",
    alvor=Alvor.HAARD,
    element=KOMMUNE_AKTIVITETS_KODE,
    tekst=(
        "Angiv præcis én af delene: enten KommuneAktivitetsKode alene eller IfoelgeKommunen med "
        "VedroererHaendelseNummer på det optag, det drejer sig om."
    ),
    text=(
        "Give exactly one of the two: either KommuneAktivitetsKode alone, or IfoelgeKommunen with the "
        "VedroererHaendelseNummer of the optag it is about."
    ),
    forklaring=(
        "En kommune angiver enten KommuneAktivitetsKode alene eller IfoelgeKommunen med VedroererHaendelseNummer "
        "på det optag, det drejer sig om."
    ),
    forkert="KommuneAktivitetsKode sammen med IfoelgeKommunen eller VedroererHaendelseNummer.",
    rigtigt="KommuneAktivitetsKode K03; eller IfoelgeKommunen Risiko med VedroererHaendelseNummer.",
    source="own",
    services=frozenset({KOMMUNE_AKTIVITET}),
    check=check,
    needs_youth=False,
)
