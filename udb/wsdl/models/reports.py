"""The reports about education and activity (contract 4.2)."""

from udb.domain import elementer as e
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import Members, Payload, one, optional
from udb.wsdl.models.shared import UddannelseType


def _report(*own: tuple[str, object]) -> Members:
    """Return the members of a report: the common head, the service's own fields, and the common end."""
    return (
        one(e.CPRNR, s.CPRNrType),
        optional(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.STATUS, s.StatusType),
        optional(e.AFBRUDSARSAGS_KODE, s.LangKodeType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        *own,
        one(e.ANNULLERING, s.Boolean),
        optional(e.FRAFALDSTRUET_MARKERING, s.Boolean),
    )


class IndberetningUngdomsuddannelseType(Payload):
    """A report of youth education, adult education or an admission test."""

    _type_info = _report(
        one(e.UDDANNELSE, UddannelseType),
        optional(e.SPECIALE, s.LangKodeType),
        optional(e.PRAKTIKSTED, s.PraktikstedType),
        optional(e.GENNEMFOERT_HF, s.Boolean),
    )


class IndberetningForberedendeGrundUddannelseType(Payload):
    """A report of FGU."""

    _type_info = _report(
        one(e.UDDANNELSE, UddannelseType),
        one(e.SKOLEPERIODE, s.LangKodeType),
        optional(e.SPECIALE, s.LangKodeType),
        optional(e.EGU_UDDANNELSESNIVEAU, s.Boolean),
    )


class IndberetningForberedendeAktivitetType(Payload):
    """A report of a preparatory activity by code, or of a school grade."""

    _type_info = _report(
        optional(e.FORBEREDENDE_AKTIVITETS_KODE, s.KodeType),
        optional(e.ELEV_TRIN, s.TrinType),
        optional(e.KLASSE_TRIN, s.TrinType),
        optional(e.KLASSE_TYPE, s.LangKodeType),
        optional(e.KLASSE_NAVN, s.TekstType),
    )


class IndberetningVideregaaendeUddannelseType(Payload):
    """A report of higher education."""

    _type_info = _report(one(e.STADS_KODE, s.KodeType))


class IndberetningKommuneAktivitetType(Payload):
    """A report of a kommune's activity by code, or of risk or afbrud according to the kommune."""

    _type_info = _report(
        optional(e.KOMMUNE_AKTIVITETS_KODE, s.KodeType),
        optional(e.IFOELGE_KOMMUNEN, s.IfoelgeKommunenType),
        optional(e.VEDROERER_HAENDELSE_NUMMER, s.HaendelseNummerType),
    )
