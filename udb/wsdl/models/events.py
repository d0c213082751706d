"""The types of events and contacts in an answer (contract 5.1)."""

from udb.domain import elementer as e
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import MAX_WISHES, Payload, many, one, optional
from udb.wsdl.models.shared import RegistreretKontaktType, UddannelseType


class HaendelseUddannelsesForloebType(Payload):
    """An education or kommune activity event, in the order of V 5.1."""

    _type_info = (
        optional(e.DATO_OPTAG, s.DatoTidType),
        one(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        optional(e.ANNULLERET_HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.FORLOEB_ID, s.ForloebIdType),
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.STATUS, s.StatusType),
        optional(e.AFBRUDSARSAGS_KODE, s.LangKodeType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        optional(e.ELEV_TRIN, s.TrinType),
        optional(e.KLASSE_TRIN, s.TrinType),
        optional(e.KLASSE_TYPE, s.LangKodeType),
        optional(e.KLASSE_NAVN, s.TekstType),
        one(e.ANNULLERING, s.Boolean),
        optional(e.FORBEREDENDE_AKTIVITETS_KODE, s.KodeType),
        optional(e.UDDANNELSE, UddannelseType),
        optional(e.SPECIALE, s.LangKodeType),
        optional(e.PRAKTIKSTED, s.PraktikstedType),
        optional(e.SKOLEPERIODE, s.LangKodeType),
        optional(e.EGU_UDDANNELSESNIVEAU, s.Boolean),
        optional(e.STADS_KODE, s.KodeType),
        optional(e.KOMMUNE_AKTIVITETS_KODE, s.KodeType),
        optional(e.IFOELGE_KOMMUNEN, s.IfoelgeKommunenType),
        optional(e.VEDROERER_HAENDELSE_NUMMER, s.HaendelseNummerType),
        optional(e.GENNEMFOERT_HF, s.Boolean),
        one(e.REGISTRERINGSTID, s.DatoTidType),
        optional(e.FRAFALDSTRUET_MARKERING, s.Boolean),
    )


class HaendelseJobcenterForloebType(Payload):
    """An activity of the job centre."""

    _type_info = (
        optional(e.DATO_OPTAG, s.DatoTidType),
        one(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        optional(e.ANNULLERET_HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.FORLOEB_ID, s.ForloebIdType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.STATUS, s.StatusType),
        optional(e.AFBRUDSARSAGS_KODE, s.LangKodeType),
        one(e.AKTIVITETSGRUPPE_KODE, s.KodeType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        one(e.ANNULLERING, s.Boolean),
        one(e.REGISTRERINGSTID, s.DatoTidType),
    )


class HaendelseBeskaeftigelsesForloebType(Payload):
    """A change of employment status."""

    _type_info = (
        one(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.STATUS_BESKAEFTIGELSE, s.StatusBeskaeftigelseType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        one(e.BESKAEFTIGELSESGRAD, s.BeskaeftigelsesgradType),
    )


class HaendelseSocialYdelseType(Payload):
    """A change of whether the youth receives a social benefit."""

    _type_info = (
        one(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.MODTAGER_SOCIAL_YDELSE, s.Boolean),
        one(e.KILDE_LEVERANDOER, s.TekstType),
    )


class HaendelseUddannelsespaalaegType(Payload):
    """A change of whether the youth has an uddannelsespålæg."""

    _type_info = (
        one(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        one(e.HAR_UDDANNELSESPAALAEG, s.Boolean),
        one(e.KILDE_LEVERANDOER, s.TekstType),
    )


class HaendelseKontaktTilbudstidType(Payload):
    """A kommune's kontakttid or tilbudstid."""

    _type_info = (
        one(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        optional(e.ANNULLERET_HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.TYPE, s.TidsartType),
        one(e.HAENDELSE_DATO, s.DatoTidType),
        optional(e.AFBRUD_HAENDELSE_NUMMER, s.HaendelseNummerType),
        one(e.KILDE_LEVERANDOER, s.TekstType),
        one(e.ANNULLERING, s.Boolean),
    )


class RegistreretJobOnskeType(Payload):
    """A wish for a job with its date of registration."""

    _type_info = (
        one(e.JOB_ONSKER, s.TekstType),
        one(e.JOB_REGISTRERINGSTID, s.DatoTidType),
    )


class RegistreretUddannelsesOnskeType(Payload):
    """A wish for an education with its date of registration."""

    _type_info = (
        one(e.UDDANNELSES_ONSKER, s.TekstType),
        one(e.UDDANNELSE_REGISTRERINGSTID, s.DatoTidType),
    )


class KontaktJobOgUddannelsesonskerType(Payload):
    """The contact person and the wishes that one kommune has registered for the youth."""

    _type_info = (
        one(e.KOMMUNE_INSTITUTION_NUMMER, s.InstitutionNummerType),
        optional(e.KOMMUNE_KONTAKT, RegistreretKontaktType),
        many(e.JOB_ONSKER, RegistreretJobOnskeType, MAX_WISHES),
        many(e.UDDANNELSES_ONSKER, RegistreretUddannelsesOnskeType, MAX_WISHES),
    )


class InstitutionKontaktType(Payload):
    """An institution's contact person."""

    _type_info = (
        one(e.INSTITUTION_NUMMER, s.InstitutionNummerType),
        one(e.KONTAKT_NAVN, s.TekstType),
        optional(e.KONTAKT_MAIL, s.MailType),
        optional(e.KONTAKT_TELEFON, s.TelefonType),
        one(e.KONTAKT_REGISTRERINGSTID, s.DatoTidType),
    )


class UngKontaktType(Payload):
    """The youth's own mail and telephone."""

    _type_info = (
        optional(e.KONTAKT_MAIL, s.MailType),
        optional(e.KONTAKT_TELEFON, s.TelefonType),
        one(e.KONTAKT_KILDE, s.TekstType),
        one(e.KONTAKT_REGISTRERINGSTID, s.DatoTidType),
    )
