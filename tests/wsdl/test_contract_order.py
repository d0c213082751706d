"""The payload types as section 4 and 5 of the contract list them.

Behind a name: ``?`` at most once, ``*`` any number of times, ``+`` up to 50 times, nothing exactly once.
"""

import pytest

from tests.wsdl.contract import root_of
from udb.paths import CONTRACT

XS = "{http://www.w3.org/2001/XMLSchema}"
OFTEN = {("1", "1"): "", ("0", "1"): "?", ("0", "unbounded"): "*", ("0", "50"): "+"}

HEAD = "CPRNr HaendelseNummer? InstitutionNummer HaendelseDato Status AfbrudsarsagsKode? KildeLeverandoer"
TAIL = "Annullering FrafaldstruetMarkering?"
CONTACT = "CPRNr InstitutionNummer KontaktNavn? KontaktMail? KontaktTelefon? Slet?"
REGISTERED_CONTACT = "KontaktNavn KontaktMail? KontaktTelefon? KontaktRegistreringstid"
ABOUT_ONE = "InstitutionNummer CPRNr"
PAGE = "Fejl* FindesFlereHaendelser? HoejesteHaendelseNummer? HaendelserUng*"

TYPES = {
    "UddannelseType": "COsAFormaal COsAFormaalVersion",
    "KvitteringType": "Resultat HaendelseNummer? ForloebId? Registreringstid Fejl*",
    "FejlType": "FejlKode Alvor FejlTekst Element? VedroererHaendelseNummer?",
    "IndberetningUngdomsuddannelseType": f"{HEAD} Uddannelse Speciale? Praktiksted? GennemfoertHf? {TAIL}",
    "IndberetningForberedendeGrundUddannelseType": (
        f"{HEAD} Uddannelse Skoleperiode Speciale? EGU_uddannelsesniveau? {TAIL}"
    ),
    "IndberetningForberedendeAktivitetType": (
        f"{HEAD} ForberedendeAktivitetsKode? ElevTrin? KlasseTrin? KlasseType? KlasseNavn? {TAIL}"
    ),
    "IndberetningVideregaaendeUddannelseType": f"{HEAD} STADSKode {TAIL}",
    "IndberetningKommuneAktivitetType": (
        f"{HEAD} KommuneAktivitetsKode? IfoelgeKommunen? VedroererHaendelseNummer? {TAIL}"
    ),
    "IndberetningJobcenterType": "CPRNr InstitutionNummer KildeLeverandoer Aktivitet? Abonnement?",
    "JobcenterAktivitetType": (
        "AktivitetsgruppeKode Status HaendelseDato AfbrudsarsagsKode? HaendelseNummer? Annullering"
    ),
    "AbonnementType": "Handling Startdato? Kontaktperson?",
    "KontaktpersonType": "KontaktNavn KontaktMail? KontaktTelefon?",
    "IndberetningKontaktpersonType": CONTACT,
    "IndberetInstitutionKontaktType": CONTACT,
    "IndberetningOnskerType": "CPRNr InstitutionNummer JobOnsker+ UddannelsesOnsker+ Slet?",
    "JobOnskeType": "JobOnsker",
    "UddannelsesOnskeType": "UddannelsesOnsker",
    "IndberetningKontaktTilbudstidType": (
        "CPRNr InstitutionNummer Type HaendelseDato AfbrudHaendelseNummer KildeLeverandoer HaendelseNummer? Annullering"
    ),
    "HentHaendelserType": "InstitutionNummer HaendelseNummer? CPRNr?",
    "HentHaendelserDFDGType": "InstitutionNummer HaendelseNummer?",
    "HentMarkeringerType": "InstitutionNummer HaendelseNummer?",
    "HentUddannelsespaalaegType": ABOUT_ONE,
    "HentUdslusningstilskudType": ABOUT_ONE,
    "HentStatusHenvisningType": ABOUT_ONE,
    "HaendelserSvarType": PAGE,
    "HentMarkeringerSvarType": PAGE,
    "HentUddannelsespaalaegSvarType": "Fejl* HarUddannelsespaalaeg? Siden? JobcenterKontakt?",
    "HentUdslusningstilskudSvarType": "Fejl* Opfyldt? Grundlag?",
    "HentStatusHenvisningSvarType": "Fejl* Opfyldt?",
    "HaendelserUngType": (
        "CPRNr AfsluttetUddannelsesNiveau? UngHarUddannelsespaalaeg? HaendelseUddannelsesForloeb* "
        "HaendelseJobcenterForloeb* HaendelseBeskaeftigelsesForloeb* HaendelseSocialYdelse* "
        "HaendelseUddannelsespaalaeg* HaendelseKontaktTilbudstid* KontaktJobOgUddannelsesonsker* JobcenterKontakt? "
        "InstitutionKontakt* UngKontakt?"
    ),
    "MarkeringerUngType": "CPRNr HaendelseUddannelsesForloeb*",
    "HaendelseUddannelsesForloebType": (
        "DatoOptag? HaendelseNummer AnnulleretHaendelseNummer? ForloebId InstitutionNummer HaendelseDato Status "
        "AfbrudsarsagsKode? KildeLeverandoer ElevTrin? KlasseTrin? KlasseType? KlasseNavn? Annullering "
        "ForberedendeAktivitetsKode? Uddannelse? Speciale? Praktiksted? Skoleperiode? EGU_uddannelsesniveau? "
        "STADSKode? KommuneAktivitetsKode? IfoelgeKommunen? VedroererHaendelseNummer? GennemfoertHf? "
        "Registreringstid FrafaldstruetMarkering?"
    ),
    "HaendelseJobcenterForloebType": (
        "DatoOptag? HaendelseNummer AnnulleretHaendelseNummer? ForloebId HaendelseDato Status AfbrudsarsagsKode? "
        "AktivitetsgruppeKode KildeLeverandoer Annullering Registreringstid"
    ),
    "HaendelseBeskaeftigelsesForloebType": (
        "HaendelseNummer HaendelseDato StatusBeskaeftigelse KildeLeverandoer Beskaeftigelsesgrad"
    ),
    "HaendelseSocialYdelseType": "HaendelseNummer HaendelseDato ModtagerSocialYdelse KildeLeverandoer",
    "HaendelseUddannelsespaalaegType": "HaendelseNummer HaendelseDato HarUddannelsespaalaeg KildeLeverandoer",
    "HaendelseKontaktTilbudstidType": (
        "HaendelseNummer AnnulleretHaendelseNummer? Type HaendelseDato AfbrudHaendelseNummer? KildeLeverandoer "
        "Annullering"
    ),
    "KontaktJobOgUddannelsesonskerType": ("KommuneInstitutionNummer KommuneKontakt? JobOnsker+ UddannelsesOnsker+"),
    "RegistreretKontaktType": REGISTERED_CONTACT,
    "RegistreretJobOnskeType": "JobOnsker JobRegistreringstid",
    "RegistreretUddannelsesOnskeType": "UddannelsesOnsker UddannelseRegistreringstid",
    "InstitutionKontaktType": f"InstitutionNummer {REGISTERED_CONTACT}",
    "UngKontaktType": "KontaktMail? KontaktTelefon? KontaktKilde KontaktRegistreringstid",
}

SIMPLE_TYPES = {
    "v1:CPRNrType": "CPRNr",
    "v1:InstitutionNummerType": "InstitutionNummer KommuneInstitutionNummer",
    "v1:HaendelseNummerType": (
        "HaendelseNummer AfbrudHaendelseNummer VedroererHaendelseNummer AnnulleretHaendelseNummer "
        "HoejesteHaendelseNummer"
    ),
    "v1:ForloebIdType": "ForloebId",
    "v1:StatusType": "Status",
    "v1:LangKodeType": "AfbrudsarsagsKode KlasseType Skoleperiode Speciale",
    "v1:KodeType": "COsAFormaal STADSKode ForberedendeAktivitetsKode KommuneAktivitetsKode AktivitetsgruppeKode",
    "v1:COsAFormaalVersionType": "COsAFormaalVersion",
    "v1:TrinType": "ElevTrin KlasseTrin",
    "v1:BeskaeftigelsesgradType": "Beskaeftigelsesgrad",
    "v1:TekstType": "KlasseNavn KildeLeverandoer KontaktNavn KontaktKilde AfsluttetUddannelsesNiveau Element",
    "v1:MailType": "KontaktMail",
    "v1:TelefonType": "KontaktTelefon",
    "v1:PraktikstedType": "Praktiksted",
    "v1:DatoTidType": (
        "HaendelseDato DatoOptag Registreringstid Startdato Siden KontaktRegistreringstid JobRegistreringstid "
        "UddannelseRegistreringstid"
    ),
    "xs:boolean": (
        "Annullering FrafaldstruetMarkering GennemfoertHf EGU_uddannelsesniveau FindesFlereHaendelser "
        "UngHarUddannelsespaalaeg HarUddannelsespaalaeg ModtagerSocialYdelse Opfyldt"
    ),
}

VALUES = {
    "IfoelgeKommunenType": ["Risiko", "Afbrud"],
    "HandlingType": ["Opret", "Ret", "Afmeld"],
    "TidsartType": ["Kontakttid", "Tilbudstid"],
    "SletOnskerType": ["Job", "Uddannelse", "Begge"],
    "ResultatType": ["Accepteret", "Afvist"],
    "AlvorType": ["Haard", "Bloed"],
    "StatusBeskaeftigelseType": ["Ikke beskaeftiget", "Deltidsbeskaeftiget", "Fuldtidsbeskaeftiget"],
    "GrundlagType": ["Uddannelse", "Beskaeftigelse"],
    "DriftStatusType": ["up", "down"],
}


def schema():
    return root_of(CONTRACT / "udb.xsd")


def test_every_type_with_content_is_listed():
    with_content = {
        found.get("name") for found in schema().findall(f"{XS}complexType") if found.find(f"{XS}sequence") is not None
    }
    assert with_content == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_elements_stand_in_the_contracts_order(name):
    elements = schema().findall(f"{XS}complexType[@name='{name}']/{XS}sequence/{XS}element")
    listed = [
        element.get("name") + OFTEN[element.get("minOccurs", "1"), element.get("maxOccurs", "1")]
        for element in elements
    ]
    assert listed == TYPES[name].split()


@pytest.mark.parametrize("simple", SIMPLE_TYPES)
def test_an_element_has_the_same_type_wherever_it_stands(simple):
    names = SIMPLE_TYPES[simple].split()
    root = schema()
    types = {
        name: {element.get("type") for element in root.iterfind(f".//{XS}element[@name='{name}']")} for name in names
    }
    assert types == {name: {simple} for name in names}


def test_the_fixed_values_are_the_contracts():
    types = schema().findall(f"{XS}simpleType")
    values = {found.get("name"): [value.get("value") for value in found.iter(f"{XS}enumeration")] for found in types}
    assert {name: allowed for name, allowed in values.items() if allowed} == VALUES
