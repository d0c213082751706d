"""Requests and answers of the fetch services (contract 5)."""

from udb.domain import elementer as e
from udb.wsdl.models import events as h
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import Members, Payload, many, one, optional
from udb.wsdl.models.shared import FejlType, RegistreretKontaktType


def _after_a_number() -> Members:
    return (one(e.INSTITUTION_NUMMER, s.InstitutionNummerType), optional(e.HAENDELSE_NUMMER, s.HaendelseNummerType))


def _about_a_youth() -> Members:
    return (one(e.INSTITUTION_NUMMER, s.InstitutionNummerType), one(e.CPRNR, s.CPRNrType))


def _page(youth: type[Payload]) -> Members:
    return (
        many(e.FEJL, FejlType),
        optional(e.FINDES_FLERE_HAENDELSER, s.Boolean),
        optional(e.HOEJESTE_HAENDELSE_NUMMER, s.HaendelseNummerType),
        many(e.HAENDELSER_UNG, youth),
    )


class HentHaendelserType(Payload):
    """A request for the events after a number, or for one youth's events (a look-up by CPR number)."""

    _type_info = (*_after_a_number(), optional(e.CPRNR, s.CPRNrType))


class HentHaendelserDFDGType(Payload):
    """A request for events of youths with an active subscription, after a number."""

    _type_info = _after_a_number()


class HaendelserUngType(Payload):
    """One youth with the events of each kind."""

    _type_info = (
        one(e.CPRNR, s.CPRNrType),
        optional(e.AFSLUTTET_UDDANNELSES_NIVEAU, s.TekstType),
        optional(e.UNG_HAR_UDDANNELSESPAALAEG, s.Boolean),
        many(e.HAENDELSE_UDDANNELSES_FORLOEB, h.HaendelseUddannelsesForloebType),
        many(e.HAENDELSE_JOBCENTER_FORLOEB, h.HaendelseJobcenterForloebType),
        many(e.HAENDELSE_BESKAEFTIGELSES_FORLOEB, h.HaendelseBeskaeftigelsesForloebType),
        many(e.HAENDELSE_SOCIAL_YDELSE, h.HaendelseSocialYdelseType),
        many(e.HAENDELSE_UDDANNELSESPAALAEG, h.HaendelseUddannelsespaalaegType),
        many(e.HAENDELSE_KONTAKT_TILBUDSTID, h.HaendelseKontaktTilbudstidType),
        many(e.KONTAKT_JOB_OG_UDDANNELSESONSKER, h.KontaktJobOgUddannelsesonskerType),
        optional(e.JOBCENTER_KONTAKT, RegistreretKontaktType),
        many(e.INSTITUTION_KONTAKT, h.InstitutionKontaktType),
        optional(e.UNG_KONTAKT, h.UngKontaktType),
    )


class HaendelserSvarType(Payload):
    """The Fejl elements of a refusal, or a page of youths with their events."""

    _type_info = _page(HaendelserUngType)


class HentUddannelsespaalaegType(Payload):
    """A request to look up whether a youth has an uddannelsespålæg."""

    _type_info = _about_a_youth()


class HentUddannelsespaalaegSvarType(Payload):
    """The Fejl elements of a refusal, or whether there is an uddannelsespålæg, since when, and the contact person."""

    _type_info = (
        many(e.FEJL, FejlType),
        optional(e.HAR_UDDANNELSESPAALAEG, s.Boolean),
        optional(e.SIDEN, s.DatoTidType),
        optional(e.JOBCENTER_KONTAKT, RegistreretKontaktType),
    )


class HentUdslusningstilskudType(Payload):
    """A request to look up whether a youth fulfils the conditions of the udslusningstilskud."""

    _type_info = _about_a_youth()


class HentUdslusningstilskudSvarType(Payload):
    """The Fejl elements of a refusal, or whether the conditions are fulfilled, and on which ground."""

    _type_info = (
        many(e.FEJL, FejlType),
        optional(e.OPFYLDT, s.Boolean),
        optional(e.GRUNDLAG, s.GrundlagType),
    )


class HentMarkeringerType(Payload):
    """A request for the kommunes' marks on the institution's youths, after a number."""

    _type_info = _after_a_number()


class MarkeringerUngType(Payload):
    """One youth with the kommune's marks."""

    _type_info = (
        one(e.CPRNR, s.CPRNrType),
        many(e.HAENDELSE_UDDANNELSES_FORLOEB, h.HaendelseUddannelsesForloebType),
    )


class HentMarkeringerSvarType(Payload):
    """The Fejl elements of a refusal, or a page of youths with their marks."""

    _type_info = _page(MarkeringerUngType)


class HentStatusHenvisningType(Payload):
    """A request to look up whether a youth has been referred to EUD."""

    _type_info = _about_a_youth()


class HentStatusHenvisningSvarType(Payload):
    """The Fejl elements of a refusal, or whether the youth has been referred."""

    _type_info = (many(e.FEJL, FejlType), optional(e.OPFYLDT, s.Boolean))
