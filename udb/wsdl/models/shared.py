"""The types that several reports and answers use: the education, the receipt and contacts."""

from udb.domain import elementer as e
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import Payload, many, one, optional


class UddannelseType(Payload):
    """An education by CØSA formål and version."""

    _type_info = (
        one(e.COSA_FORMAAL, s.KodeType),
        one(e.COSA_FORMAAL_VERSION, s.COsAFormaalVersionType),
    )


class FejlType(Payload):
    """One finding (contract 4.1)."""

    _type_info = (
        one(e.FEJL_KODE, s.FejlKodeType),
        one(e.ALVOR, s.AlvorType),
        one(e.FEJL_TEKST, s.Unicode),
        optional(e.ELEMENT, s.TekstType),
        optional(e.VEDROERER_HAENDELSE_NUMMER, s.HaendelseNummerType),
    )


class KvitteringType(Payload):
    """The receipt of every report (contract 4.1)."""

    _type_info = (
        one(e.RESULTAT, s.ResultatType),
        optional(e.HAENDELSE_NUMMER, s.HaendelseNummerType),
        optional(e.FORLOEB_ID, s.ForloebIdType),
        one(e.REGISTRERINGSTID, s.DatoTidType),
        many(e.FEJL, FejlType),
    )


class KontaktpersonType(Payload):
    """The job centre's contact person, as reported."""

    _type_info = (
        one(e.KONTAKT_NAVN, s.TekstType),
        optional(e.KONTAKT_MAIL, s.MailType),
        optional(e.KONTAKT_TELEFON, s.TelefonType),
    )


class RegistreretKontaktType(Payload):
    """A contact person with the date of registration."""

    _type_info = (
        one(e.KONTAKT_NAVN, s.TekstType),
        optional(e.KONTAKT_MAIL, s.MailType),
        optional(e.KONTAKT_TELEFON, s.TelefonType),
        one(e.KONTAKT_REGISTRERINGSTID, s.DatoTidType),
    )
