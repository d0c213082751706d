"""The simple types of the payload schema."""

from typing import Any

from spyne import Boolean, DateTime, Integer32, Unicode
from spyne.model.primitive.xml import Token

from udb.domain.services import PAYLOAD_NAMESPACE

__all__ = ["Boolean", "Unicode"]


def _named(name: str, base: Any, **facets: Any) -> Any:
    kind = base.customize(type_name=name, **facets)
    # Without the namespace, spyne puts a named simple type into a schema of its own.
    kind.__namespace__ = PAYLOAD_NAMESPACE
    return kind


def _text(name: str, at_most: int) -> Any:
    return _named(name, Unicode, min_len=1, max_len=at_most)


def _token(name: str, at_most: int) -> Any:
    return _named(name, Token, min_len=1, max_len=at_most)


def _number(name: str, at_least: int, at_most: int | None = None) -> Any:
    return _named(name, Integer32, ge=at_least, **({} if at_most is None else {"le": at_most}))


def _choice(name: str, *values: str) -> Any:
    return _named(name, Unicode, values=values)


CPRNrType = _named("CPRNrType", Unicode, pattern="[0-9]{10}")
InstitutionNummerType = _named("InstitutionNummerType", Unicode, min_len=6, max_len=6)
HaendelseNummerType = _text("HaendelseNummerType", 40)
ForloebIdType = _text("ForloebIdType", 40)
SystemNameType = _text("SystemNameType", 100)
SystemTransactionIDType = _text("SystemTransactionIDType", 100)
CorrelationIDType = _named(
    "CorrelationIDType", Unicode, pattern="[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
)

DatoTidType = _named("DatoTidType", DateTime, pattern="(19|2[0-9])[0-9]{2}-.*")
StatusType = _number("StatusType", 1, 3)
COsAFormaalVersionType = _number("COsAFormaalVersionType", 1, 999)
TrinType = _number("TrinType", 0, 99)
BeskaeftigelsesgradType = _number("BeskaeftigelsesgradType", 0)

KodeType = _token("KodeType", 10)
LangKodeType = _token("LangKodeType", 20)
TekstType = _token("TekstType", 100)
PraktikstedType = _token("PraktikstedType", 200)
MailType = _token("MailType", 254)
TelefonType = _token("TelefonType", 30)

IfoelgeKommunenType = _choice("IfoelgeKommunenType", "Risiko", "Afbrud")
HandlingType = _choice("HandlingType", "Opret", "Ret", "Afmeld")
TidsartType = _choice("TidsartType", "Kontakttid", "Tilbudstid")
SletOnskerType = _choice("SletOnskerType", "Job", "Uddannelse", "Begge")
ResultatType = _choice("ResultatType", "Accepteret", "Afvist")
AlvorType = _choice("AlvorType", "Haard", "Bloed")
StatusBeskaeftigelseType = _choice(
    "StatusBeskaeftigelseType", "Ikke beskaeftiget", "Deltidsbeskaeftiget", "Fuldtidsbeskaeftiget"
)
GrundlagType = _choice("GrundlagType", "Uddannelse", "Beskaeftigelse")
DriftStatusType = _choice("DriftStatusType", "up", "down")
FejlKodeType = _named("FejlKodeType", Unicode, pattern="[0-9]{4}")
ErrorCodeType = _named("ErrorCodeType", Unicode, pattern="(IPL|UDB)[0-9]{6}")
