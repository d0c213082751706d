"""Every reason why a signed request is refused (UDB009108): its name, what is wrong and what was expected.

The text stands here alone; docs/signering.md says for each name what a vendor does about it.
"""

from enum import Enum
from typing import Final

from udb.callers.x509 import SHORTEST_KEY

MAX_REFERENCES: Final = 10
MAX_PREFIXES: Final = 20
LIFE_SECONDS: Final = 300
"""A request is taken for so long after its Created, whatever its Expires (contract 7)."""
SKEW_SECONDS: Final = 60
"""So far the sender's clock may be from ours."""


class Reason(Enum):
    """``key``: as the fault and the docs name it; ``text``: for the vendor, in Danish."""

    HEADER_MISSING = (
        "header-mangler",
        (
            "Kaldet har ingen wsse:Security-header til tjenesten. Her kræves en med Timestamp, BinarySecurityToken og "
            "Signature."
        ),
    )
    HEADER_TWICE = (
        "header-gentaget",
        (
            "Kaldet har mere end én wsse:Security-header til tjenesten. Der må være én; headere til andre har en "
            "actor/role."
        ),
    )
    TIMESTAMP_MISSING = ("timestamp-mangler", "Security har intet wsu:Timestamp. Der skal være ét, direkte i Security.")
    TIMESTAMP_TWICE = ("timestamp-gentaget", "Security har mere end ét wsu:Timestamp. Der skal være ét.")
    TOKEN_MISSING = (
        "token-mangler",
        "Security har intet wsse:BinarySecurityToken. Læg certifikatet i ét, direkte i Security.",
    )
    TOKEN_TWICE = (
        "token-gentaget",
        "Security har mere end ét wsse:BinarySecurityToken. Der skal være ét, med certifikatet, der er signeret med.",
    )
    SIGNATURE_MISSING = ("signatur-mangler", "Security har ingen ds:Signature. Der skal være én, direkte i Security.")
    SIGNATURE_TWICE = ("signatur-gentaget", "Kaldet har mere end én ds:Signature. Der må være én i hele kaldet.")
    ID_TWICE = (
        "id-gentaget",
        "To elementer har samme Id. Hvert Id må stå én gang i hele kaldet, så en henvisning kun kan pege ét sted hen.",
    )
    SIGNATURE_FORM = (
        "signatur-form",
        (
            "ds:Signature skal bestå af netop SignedInfo, SignatureValue og KeyInfo, og SignedInfo af "
            "CanonicalizationMethod, SignatureMethod og Reference-elementer, i den rækkefølge og uden andet."
        ),
    )
    TOO_MANY_REFERENCES = (
        "referencer-for-mange",
        f"SignedInfo må højst have {MAX_REFERENCES} Reference-elementer. Body og Timestamp er nok.",
    )
    C14N = (
        "kanonisering",
        (
            f"CanonicalizationMethod skal være eksklusiv C14N uden kommentarer, "
            "http://www.w3.org/2001/10/xml-exc-c14n#, "
            f"med højst {MAX_PREFIXES} præfikser i InclusiveNamespaces."
        ),
    )
    HMAC = (
        "signatur-hmac",
        "SignatureMethod er en HMAC, altså en delt nøgle. Signér med certifikatets private nøgle: RSA-SHA256.",
    )
    SHA1 = (
        "sha1-lukket",
        "Kaldet bruger SHA-1, som ikke er tilladt her. Brug RSA-SHA256 til signaturen og SHA-256 til hver Reference.",
    )
    SIGNATURE_METHOD = (
        "signaturmetode",
        "SignatureMethod skal være RSA-SHA256: http://www.w3.org/2001/04/xmldsig-more#rsa-sha256.",
    )
    DIGEST_METHOD = (
        "digestmetode",
        "DigestMethod skal være SHA-256 i hver Reference: http://www.w3.org/2001/04/xmlenc#sha256.",
    )
    REFERENCE_FORM = (
        "reference-form",
        "Hver ds:Reference skal bestå af netop Transforms, DigestMethod og DigestValue, i den rækkefølge.",
    )
    REFERENCE_OUTSIDE = (
        "reference-udenfor",
        "En Reference peger ud af kaldet, på hele kaldet eller med XPointer. URI skal være # og et elements Id.",
    )
    REFERENCE_NOWHERE = (
        "reference-uden-maal",
        "En Reference peger på et Id, som intet element har. Sæt wsu:Id på det element, der signeres.",
    )
    REFERENCE_TWICE = ("reference-gentaget", "To Reference-elementer peger på samme element. Hvert signeres én gang.")
    TRANSFORM = (
        "transform",
        (
            "En Reference har en anden Transform end eksklusiv C14N, http://www.w3.org/2001/10/xml-exc-c14n#. "
            "Kun den er "
            "tilladt."
        ),
    )
    TRANSFORM_COUNT = ("transform-antal", "Hver Reference skal have netop én Transform: eksklusiv C14N.")
    BODY_MOVED = (
        "body-flyttet",
        "Signaturen dækker en Body, der ikke er kaldets egen. Det signerede skal være Envelope/Body.",
    )
    TIMESTAMP_MOVED = (
        "timestamp-flyttet",
        "Signaturen dækker et Timestamp, der ikke er Security-headerens eget.",
    )
    REFERENCE_FOREIGN = (
        "reference-fremmed",
        (
            "En Reference peger på et element, der ikke signeres her. Signér Body og Timestamp; desuden må "
            "BinarySecurityToken og andre headere være signeret."
        ),
    )
    BODY_UNSIGNED = ("body-usigneret", "Signaturen dækker ikke Body. Lav en Reference til Body's wsu:Id.")
    TIMESTAMP_UNSIGNED = (
        "timestamp-usigneret",
        "Signaturen dækker ikke Timestamp. Lav en Reference til Timestamp's wsu:Id.",
    )
    TOKEN_TYPE = (
        "token-type",
        "BinarySecurityToken skal have ValueType …x509-token-profile-1.0#X509v3: ét certifikat, ingen kæde.",
    )
    TOKEN_ENCODING = (
        "token-kodning",
        "BinarySecurityToken skal have EncodingType …soap-message-security-1.0#Base64Binary eller ingen.",
    )
    TOKEN_UNREADABLE = (
        "token-ulaeseligt",
        "BinarySecurityToken er ikke et X.509-certifikat: skriv certifikatets DER-bytes som base64, uden PEM-linjer.",
    )
    KEY_INFO = (
        "keyinfo-form",
        (
            "KeyInfo skal bestå af netop wsse:SecurityTokenReference med netop én wsse:Reference til "
            "BinarySecurityToken. "
            "X509Data, KeyValue og KeyIdentifier understøttes ikke."
        ),
    )
    KEY_INFO_ELSEWHERE = (
        "keyinfo-peger-forkert",
        "wsse:Reference i KeyInfo peger ikke på Security's BinarySecurityToken: URI skal være # og dets wsu:Id.",
    )
    TIME_UNREADABLE = (
        "tid-ulaeselig",
        (
            "Timestamp skal bestå af Created og højst én Expires, i den rækkefølge, som dateTime: "
            "2026-08-10T06:00:00.000Z."
        ),
    )
    TIME_WITHOUT_ZONE = ("tid-uden-zone", "Created og Expires skal slutte med Z (UTC) eller en forskydning som +02:00.")
    TIME_REVERSED = ("tid-omvendt", "Expires skal ligge efter Created.")
    TIME_AHEAD = (
        "tid-fremtid",
        f"Created ligger mere end {SKEW_SECONDS} sekunder ude i fremtiden. Stil afsenderens ur efter en tidsserver.",
    )
    TIME_OVER = (
        "tid-udloebet",
        (
            f"Timestamp er udløbet: kaldet skal være fremme før Expires og inden {LIFE_SECONDS // 60} minutter efter "
            "Created. Signér på ny lige før afsendelsen."
        ),
    )
    CERTIFICATE_UNKNOWN = (
        "certifikat-ukendt",
        (
            "Certifikatet i BinarySecurityToken er ikke registreret til det system, der kalder. Signér med et af "
            "systemets "
            "egne certifikater, eller få det registreret."
        ),
    )
    CERTIFICATE_BLOCKED = (
        "certifikat-spaerret",
        "Certifikatet i BinarySecurityToken er spærret. Signér med et andet af systemets certifikater.",
    )
    CERTIFICATE_EARLY = ("certifikat-foer-tid", "Certifikatet i BinarySecurityToken gælder ikke endnu.")
    CERTIFICATE_OVER = (
        "certifikat-udloebet",
        "Certifikatet i BinarySecurityToken er udløbet. Signér med systemets nye certifikat.",
    )
    KEY_WEAK = (
        "noegle-svag",
        f"Certifikatet skal have en RSA-nøgle på mindst {SHORTEST_KEY} bits.",
    )
    NO_CANONICAL_FORM = (
        "kanonisk-form",
        (
            "Et signeret element har ingen kanonisk form: det bruger et navnerum, der er en relativ adresse. Giv alle "
            "navnerum en fuld adresse."
        ),
    )
    BODY_CHANGED = (
        "digest-body",
        (
            "Body er ikke, hvad der blev signeret: DigestValue passer ikke. Intet må ændres efter signeringen, "
            "heller ikke "
            "blanktegn, linjeskift og præfikser."
        ),
    )
    TIMESTAMP_CHANGED = (
        "digest-timestamp",
        "Timestamp er ikke, hvad der blev signeret: DigestValue passer ikke. Signér, efter at tiderne er sat.",
    )
    OTHER_CHANGED = (
        "digest-andet",
        "Et signeret element uden for Body og Timestamp er ikke, hvad der blev signeret: DigestValue passer ikke.",
    )
    SIGNATURE_VALUE = (
        "signaturvaerdi",
        (
            "SignatureValue passer ikke til SignedInfo og certifikatet i BinarySecurityToken. Signér med den "
            "private nøgle, "
            "der hører til certifikatet, og ændr ikke SignedInfo bagefter."
        ),
    )
    REPLAYED = (
        "gentaget",
        (
            "Præcis dette signerede kald er brugt før. Signér hvert kald for sig, også når det sendes igen; "
            "SystemTransactionID må være den samme."
        ),
    )

    def __init__(self, key: str, text: str) -> None:
        self.key = key
        self.text = text


class Broken(Exception):
    """A request that is refused. ``found``: what stood there instead, where it can be told; never a value of the
    message's content.
    """

    def __init__(self, reason: Reason, found: str = "") -> None:
        super().__init__(reason.key)
        self.reason = reason
        self.found = found

    @property
    def details(self) -> str:
        """As a fault tells it."""
        told = f" Fundet: {self.found}." if self.found else ""
        return f"[{self.reason.key}] {self.reason.text}{told}"
