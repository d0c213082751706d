"""The reports about education and activity (contract 4.2)."""

from udb.domain import elementer as e
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import Members, Payload, one, optional
from udb.wsdl.models.shared import UddannelseType


def _report(*own: tuple[str, object]) -> Members:
    """Return the common head, a service's own fields, and what ends them all."""
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
    """Youth education, adult education, admission tests."""

    _type_info = _report(
        one(e.UDDANNELSE, UddannelseType),
        optional(e.SPECIALE, s.LangKodeType),
        optional(e.PRAKTIKSTED, s.PraktikstedType),
        optional(e.GENNEMFOERT_HF, s.Boolean),
    )


class IndberetningForberedendeGrundUddannelseType(Payload):
    """FGU."""

    _type_info = _report(
        one(e.UDDANNELSE, UddannelseType),
        one(e.SKOLEPERIODE, s.LangKodeType),
        optional(e.SPECIALE, s.LangKodeType),
        optional(e.EGU_UDDANNELSESNIVEAU, s.Boolean),
    )


class IndberetningForberedendeAktivitetType(Payload):
    """A preparatory activity by code, or a school grade."""

    _type_info = _report(
        optional(e.FORBEREDENDE_AKTIVITETS_KODE, s.KodeType),
        optional(e.ELEV_TRIN, s.TrinType),
        optional(e.KLASSE_TRIN, s.TrinType),
        optional(e.KLASSE_TYPE, s.LangKodeType),
        optional(e.KLASSE_NAVN, s.TekstType),
    )


class IndberetningVideregaaendeUddannelseType(Payload):
    """Higher education."""

    _type_info = _report(one(e.STADS_KODE, s.KodeType))


class IndberetningKommuneAktivitetType(Payload):
    """A kommune's activity by code, or risk and afbrud according to the kommune."""

    _type_info = _report(
        optional(e.KOMMUNE_AKTIVITETS_KODE, s.KodeType),
        optional(e.IFOELGE_KOMMUNEN, s.IfoelgeKommunenType),
        optional(e.VEDROERER_HAENDELSE_NUMMER, s.HaendelseNummerType),
    )
