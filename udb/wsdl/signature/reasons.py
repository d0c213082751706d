"""Every reason to refuse a signed request (UDB009108), and the refusal itself."""

from enum import Enum
from typing import Final

from udb.domain.text import Text
from udb.wsdl.signature.reason_texts import TEXTS

NOTHING: Final = Text("", "")


class Reason(Enum):
    """``key``: its name in faults and docs; ``text``: the explanation for the vendor."""

    HEADER_MISSING = "header-mangler"
    HEADER_TWICE = "header-gentaget"
    TIMESTAMP_MISSING = "timestamp-mangler"
    TIMESTAMP_TWICE = "timestamp-gentaget"
    TOKEN_MISSING = "token-mangler"
    TOKEN_TWICE = "token-gentaget"
    SIGNATURE_MISSING = "signatur-mangler"
    SIGNATURE_TWICE = "signatur-gentaget"
    ID_TWICE = "id-gentaget"
    SIGNATURE_FORM = "signatur-form"
    TOO_MANY_REFERENCES = "referencer-for-mange"
    C14N = "kanonisering"
    HMAC = "signatur-hmac"
    SHA1 = "sha1-lukket"
    SIGNATURE_METHOD = "signaturmetode"
    DIGEST_METHOD = "digestmetode"
    REFERENCE_FORM = "reference-form"
    REFERENCE_OUTSIDE = "reference-udenfor"
    REFERENCE_NOWHERE = "reference-uden-maal"
    REFERENCE_TWICE = "reference-gentaget"
    TRANSFORM = "transform"
    TRANSFORM_COUNT = "transform-antal"
    BODY_MOVED = "body-flyttet"
    TIMESTAMP_MOVED = "timestamp-flyttet"
    REFERENCE_FOREIGN = "reference-fremmed"
    BODY_UNSIGNED = "body-usigneret"
    TIMESTAMP_UNSIGNED = "timestamp-usigneret"
    TRIAL_UNSIGNED = "kun-validering-usigneret"
    TOKEN_TYPE = "token-type"
    TOKEN_ENCODING = "token-kodning"
    TOKEN_UNREADABLE = "token-ulaeseligt"
    KEY_INFO = "keyinfo-form"
    KEY_INFO_ELSEWHERE = "keyinfo-peger-forkert"
    TIME_UNREADABLE = "tid-ulaeselig"
    TIME_WITHOUT_ZONE = "tid-uden-zone"
    TIME_REVERSED = "tid-omvendt"
    TIME_AHEAD = "tid-fremtid"
    TIME_OVER = "tid-udloebet"
    CERTIFICATE_UNKNOWN = "certifikat-ukendt"
    CERTIFICATE_BLOCKED = "certifikat-spaerret"
    CERTIFICATE_EARLY = "certifikat-foer-tid"
    CERTIFICATE_OVER = "certifikat-udloebet"
    KEY_WEAK = "noegle-svag"
    NO_CANONICAL_FORM = "kanonisk-form"
    BODY_CHANGED = "digest-body"
    TIMESTAMP_CHANGED = "digest-timestamp"
    OTHER_CHANGED = "digest-andet"
    SIGNATURE_VALUE = "signaturvaerdi"
    REPLAYED = "gentaget"

    def __init__(self, key: str) -> None:
        self.key = key
        self.text = TEXTS[key]


def same(found: object) -> Text:
    """Return a text that is the same in both languages: a number, a name, an address."""
    return Text(str(found), str(found))


class Broken(Exception):
    """The refusal of a signed request.

    ``found``: what the request has instead, where that can be named; never a value from the message's content.
    """

    def __init__(self, reason: Reason, found: Text = NOTHING) -> None:
        super().__init__(reason.key)
        self.reason = reason
        self.found = found

    @property
    def details(self) -> str:
        """The text of the fault, in Danish."""
        found = f" Fundet: {self.found.da}." if self.found.da else ""
        return f"[{self.reason.key}] {self.reason.text.da}{found}"
