"""The reports without the common head (contract 4.3)."""

from udb.domain import elementer as e
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import MAX_WISHES, Members, Payload, many, one, optional
from udb.wsdl.models.shared import KontaktpersonType


class IndberetningKontaktTilbudstidType(Payload):
    """The time when the kommune reached the youth, or made an offer."""

    _type_info = (
        one(e.CPRNR, s.CPRNrType),
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        one(e.TYPE, s.TidsartType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.AFBRUD_HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        optional(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.ANNULLERING, s.Boolean),
    )


def _contact() -> Members:
    return (
        one(e.CPRNR, s.CPRNrType),
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        optional(e.KONTAKT_NAVN, s.TekstType),
        optional(e.KONTAKT_MAIL, s.MailType),
        optional(e.KONTAKT_TELEFON, s.TelefonType),
        optional(e.SLET, s.Boolean),
    )


class IndberetningKontaktpersonType(Payload):
    """The kommune's contact person for a youth."""

    _type_info = _contact()


class IndberetInstitutionKontaktType(Payload):
    """The institution's contact person for a youth."""

    _type_info = _contact()


class JobOnskeType(Payload):
    """One wish for a job."""

    _type_info = (one(e.JOB_ONSKER, s.TekstType),)


class UddannelsesOnskeType(Payload):
    """One wish for an education."""

    _type_info = (one(e.UDDANNELSES_ONSKER, s.TekstType),)


class IndberetningOnskerType(Payload):
    """A youth's wishes; each kind that occurs replaces that kind's list."""

    _type_info = (
        one(e.CPRNR, s.CPRNrType),
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        many(e.JOB_ONSKER, JobOnskeType, MAX_WISHES),
        many(e.UDDANNELSES_ONSKER, UddannelsesOnskeType, MAX_WISHES),
        optional(e.SLET, s.SletOnskerType),
    )


class JobcenterAktivitetType(Payload):
    """An activity of the job centre."""

    _type_info = (
        one(e.AKTIVITETSGRUPPE_KODE, s.KodeType),
        one(e.STATUS, s.StatusType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        optional(e.AFBRUDSARSAGS_KODE, s.LangKodeType),
        optional(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.ANNULLERING, s.Boolean),
    )


class AbonnementType(Payload):
    """A subscription to a youth with an uddannelsespålæg."""

    _type_info = (
        one(e.HANDLING, s.HandlingType),
        optional(e.STARTDATO, s.DatoTidType),
        optional(e.KONTAKTPERSON, KontaktpersonType),
    )


class IndberetningJobcenterType(Payload):
    """A job centre's activity, or a subscription."""

    _type_info = (
        one(e.CPRNR, s.CPRNrType),
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        optional(e.AKTIVITET, JobcenterAktivitetType),
        optional(e.ABONNEMENT, AbonnementType),
    )
