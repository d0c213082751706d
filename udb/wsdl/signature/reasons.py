"""Every reason to refuse a signed request (UDB009108): its name, what is wrong and what was expected.

docs/signering.md explains for each name what a vendor must do; it does not repeat these texts.
"""

from enum import Enum
from typing import Final

from udb.callers.x509 import SHORTEST_KEY
from udb.domain.text import Text

MAX_REFERENCES: Final = 10
MAX_PREFIXES: Final = 20
LIFE_SECONDS: Final = 300
"""For how long after its Created a request is accepted, even if its Expires is later (contract 7)."""
SKEW_SECONDS: Final = 60
"""How far the sender's clock may be from the service's."""

NOTHING: Final = Text("", "")


class Reason(Enum):
    """``key``: its name in faults and docs; ``text``: the explanation for the vendor; faults use the Danish one."""

    HEADER_MISSING = (
        "header-mangler",
        (
            "Kaldet har ingen wsse:Security-header til tjenesten. Her kræves en med Timestamp, "
            "BinarySecurityToken og Signature."
        ),
        (
            "The request has no wsse:Security header for the service. It needs one with Timestamp, "
            "BinarySecurityToken and Signature."
        ),
    )
    HEADER_TWICE = (
        "header-gentaget",
        (
            "Kaldet har mere end én wsse:Security-header til tjenesten. Der må være én; headere til andre "
            "har en actor/role."
        ),
        (
            "The request has more than one wsse:Security header for the service. One is allowed; headers "
            "for others have an actor/role."
        ),
    )
    TIMESTAMP_MISSING = (
        "timestamp-mangler",
        "Security har intet wsu:Timestamp. Der skal være ét, direkte i Security.",
        "Security has no wsu:Timestamp. It needs one, directly in Security.",
    )
    TIMESTAMP_TWICE = (
        "timestamp-gentaget",
        "Security har mere end ét wsu:Timestamp. Der skal være ét.",
        "Security has more than one wsu:Timestamp. It needs one.",
    )
    TOKEN_MISSING = (
        "token-mangler",
        "Security har intet wsse:BinarySecurityToken. Læg certifikatet i ét, direkte i Security.",
        ("Security has no wsse:BinarySecurityToken. Put the certificate into one, directly in Security."),
    )
    TOKEN_TWICE = (
        "token-gentaget",
        ("Security har mere end ét wsse:BinarySecurityToken. Der skal være ét, med certifikatet, der er signeret med."),
        ("Security has more than one wsse:BinarySecurityToken. It needs one, with the certificate of the signature."),
    )
    SIGNATURE_MISSING = (
        "signatur-mangler",
        "Security har ingen ds:Signature. Der skal være én, direkte i Security.",
        "Security has no ds:Signature. It needs one, directly in Security.",
    )
    SIGNATURE_TWICE = (
        "signatur-gentaget",
        "Kaldet har mere end én ds:Signature. Der må være én i hele kaldet.",
        "The request has more than one ds:Signature. One is allowed in the whole request.",
    )
    ID_TWICE = (
        "id-gentaget",
        (
            "To elementer har samme Id. Hvert Id må stå én gang i hele kaldet, så en henvisning kun kan "
            "pege ét sted hen."
        ),
        (
            "Two elements have the same Id. Each Id is allowed once in the whole request, so that a "
            "reference has one target."
        ),
    )
    SIGNATURE_FORM = (
        "signatur-form",
        (
            "ds:Signature skal bestå af netop SignedInfo, SignatureValue og KeyInfo, og SignedInfo af "
            "CanonicalizationMethod, SignatureMethod og Reference-elementer, i den rækkefølge og uden "
            "andet."
        ),
        (
            "ds:Signature must have exactly SignedInfo, SignatureValue and KeyInfo, and SignedInfo "
            "exactly CanonicalizationMethod, SignatureMethod and Reference elements, in this order."
        ),
    )
    TOO_MANY_REFERENCES = (
        "referencer-for-mange",
        f"SignedInfo må højst have {MAX_REFERENCES} Reference-elementer. Body og Timestamp er nok.",
        (f"SignedInfo may have at most {MAX_REFERENCES} Reference elements. Body and Timestamp are enough."),
    )
    C14N = (
        "kanonisering",
        (
            "CanonicalizationMethod skal være eksklusiv C14N uden kommentarer, "
            f"http://www.w3.org/2001/10/xml-exc-c14n#, med højst {MAX_PREFIXES} præfikser i "
            "InclusiveNamespaces."
        ),
        (
            "CanonicalizationMethod must be exclusive C14N without comments, "
            f"http://www.w3.org/2001/10/xml-exc-c14n#, with at most {MAX_PREFIXES} prefixes in "
            "InclusiveNamespaces."
        ),
    )
    HMAC = (
        "signatur-hmac",
        ("SignatureMethod er en HMAC, altså en delt nøgle. Signér med certifikatets private nøgle: RSA-SHA256."),
        ("SignatureMethod is an HMAC, which is a shared key. Sign with the certificate's private key: RSA-SHA256."),
    )
    SHA1 = (
        "sha1-lukket",
        ("Kaldet bruger SHA-1, som ikke er tilladt her. Brug RSA-SHA256 til signaturen og SHA-256 til hver Reference."),
        (
            "The request uses SHA-1, which is closed here. Use RSA-SHA256 for the signature and SHA-256 "
            "for each Reference."
        ),
    )
    SIGNATURE_METHOD = (
        "signaturmetode",
        "SignatureMethod skal være RSA-SHA256: http://www.w3.org/2001/04/xmldsig-more#rsa-sha256.",
        "SignatureMethod must be RSA-SHA256: http://www.w3.org/2001/04/xmldsig-more#rsa-sha256.",
    )
    DIGEST_METHOD = (
        "digestmetode",
        "DigestMethod skal være SHA-256 i hver Reference: http://www.w3.org/2001/04/xmlenc#sha256.",
        "DigestMethod must be SHA-256 in each Reference: http://www.w3.org/2001/04/xmlenc#sha256.",
    )
    REFERENCE_FORM = (
        "reference-form",
        ("Hver ds:Reference skal bestå af netop Transforms, DigestMethod og DigestValue, i den rækkefølge."),
        "Each ds:Reference must have exactly Transforms, DigestMethod and DigestValue, in this order.",
    )
    REFERENCE_OUTSIDE = (
        "reference-udenfor",
        ("En Reference peger ud af kaldet, på hele kaldet eller med XPointer. URI skal være # og et elements Id."),
        (
            "A Reference points out of the request, to the whole request or with XPointer. URI must be # "
            "and the Id of an element."
        ),
    )
    REFERENCE_NOWHERE = (
        "reference-uden-maal",
        "En Reference peger på et Id, som intet element har. Sæt wsu:Id på det element, der signeres.",
        "A Reference points to an Id that no element has. Set wsu:Id on the element that is signed.",
    )
    REFERENCE_TWICE = (
        "reference-gentaget",
        "To Reference-elementer peger på samme element. Hvert signeres én gang.",
        "Two Reference elements point to the same element. Each is signed once.",
    )
    TRANSFORM = (
        "transform",
        (
            "En Reference har en anden Transform end eksklusiv C14N, "
            "http://www.w3.org/2001/10/xml-exc-c14n#. Kun den er tilladt."
        ),
        (
            "A Reference has another Transform than exclusive C14N, "
            "http://www.w3.org/2001/10/xml-exc-c14n#, the only one accepted."
        ),
    )
    TRANSFORM_COUNT = (
        "transform-antal",
        "Hver Reference skal have netop én Transform: eksklusiv C14N.",
        "Each Reference must have exactly one Transform: exclusive C14N.",
    )
    BODY_MOVED = (
        "body-flyttet",
        "Signaturen dækker en Body, der ikke er kaldets egen. Det signerede skal være Envelope/Body.",
        "The signature covers a Body that is not the request's own. Sign Envelope/Body.",
    )
    TIMESTAMP_MOVED = (
        "timestamp-flyttet",
        "Signaturen dækker et Timestamp, der ikke er Security-headerens eget.",
        "The signature covers a Timestamp that is not the one of the Security header.",
    )
    REFERENCE_FOREIGN = (
        "reference-fremmed",
        (
            "En Reference peger på et element, der ikke signeres her. Signér Body og Timestamp; desuden "
            "må BinarySecurityToken og andre headere være signeret."
        ),
        (
            "A Reference points to an element that is not signed here. Sign Body and Timestamp; "
            "BinarySecurityToken and other headers may be signed too."
        ),
    )
    BODY_UNSIGNED = (
        "body-usigneret",
        "Signaturen dækker ikke Body. Lav en Reference til Body's wsu:Id.",
        "The signature does not cover Body. Make a Reference to the wsu:Id of Body.",
    )
    TIMESTAMP_UNSIGNED = (
        "timestamp-usigneret",
        "Signaturen dækker ikke Timestamp. Lav en Reference til Timestamp's wsu:Id.",
        "The signature does not cover Timestamp. Make a Reference to the wsu:Id of Timestamp.",
    )
    TRIAL_UNSIGNED = (
        "kun-validering-usigneret",
        "Signaturen dækker ikke headeren KunValidering. Lav en Reference til headerens wsu:Id.",
        "The signature does not cover the header KunValidering. Make a Reference to the wsu:Id of the header.",
    )
    TOKEN_TYPE = (
        "token-type",
        ("BinarySecurityToken skal have ValueType …x509-token-profile-1.0#X509v3: ét certifikat, ingen kæde."),
        ("BinarySecurityToken must have the ValueType …x509-token-profile-1.0#X509v3: one certificate, no chain."),
    )
    TOKEN_ENCODING = (
        "token-kodning",
        ("BinarySecurityToken skal have EncodingType …soap-message-security-1.0#Base64Binary eller ingen."),
        ("BinarySecurityToken must have the EncodingType …soap-message-security-1.0#Base64Binary or none."),
    )
    TOKEN_UNREADABLE = (
        "token-ulaeseligt",
        ("BinarySecurityToken er ikke et X.509-certifikat: skriv certifikatets DER-bytes som base64, uden PEM-linjer."),
        (
            "BinarySecurityToken is not an X.509 certificate: write the certificate's DER bytes as "
            "base64, without PEM lines."
        ),
    )
    KEY_INFO = (
        "keyinfo-form",
        (
            "KeyInfo skal bestå af netop wsse:SecurityTokenReference med netop én wsse:Reference til "
            "BinarySecurityToken. X509Data, KeyValue og KeyIdentifier understøttes ikke."
        ),
        (
            "KeyInfo must have exactly wsse:SecurityTokenReference with exactly one wsse:Reference to "
            "BinarySecurityToken. X509Data, KeyValue and KeyIdentifier are not accepted."
        ),
    )
    KEY_INFO_ELSEWHERE = (
        "keyinfo-peger-forkert",
        ("wsse:Reference i KeyInfo peger ikke på Security's BinarySecurityToken: URI skal være # og dets wsu:Id."),
        (
            "wsse:Reference in KeyInfo does not point to the BinarySecurityToken of Security: URI must be "
            "# and its wsu:Id."
        ),
    )
    TIME_UNREADABLE = (
        "tid-ulaeselig",
        (
            "Timestamp skal bestå af Created og højst én Expires, i den rækkefølge, som dateTime: "
            "2026-08-10T06:00:00.000Z."
        ),
        ("Timestamp must have Created and at most one Expires, in this order, as dateTime: 2026-08-10T06:00:00.000Z."),
    )
    TIME_WITHOUT_ZONE = (
        "tid-uden-zone",
        "Created og Expires skal slutte med Z (UTC) eller en forskydning som +02:00.",
        "Created and Expires must end with Z (UTC) or an offset like +02:00.",
    )
    TIME_REVERSED = (
        "tid-omvendt",
        "Expires skal ligge efter Created.",
        "Expires must be after Created.",
    )
    TIME_AHEAD = (
        "tid-fremtid",
        (f"Created ligger mere end {SKEW_SECONDS} sekunder ude i fremtiden. Stil afsenderens ur efter en tidsserver."),
        f"Created is more than {SKEW_SECONDS} seconds ahead. Set the sender's clock by a time server.",
    )
    TIME_OVER = (
        "tid-udloebet",
        (
            f"Timestamp er udløbet: kaldet skal være fremme før Expires og inden {LIFE_SECONDS // 60} "
            "minutter efter Created. Signér på ny lige før afsendelsen."
        ),
        (
            "Timestamp has expired: the request must arrive before Expires and within "
            f"{LIFE_SECONDS // 60} minutes of Created. Sign again just before sending."
        ),
    )
    CERTIFICATE_UNKNOWN = (
        "certifikat-ukendt",
        (
            "Certifikatet i BinarySecurityToken er ikke registreret til det system, der kalder. Signér "
            "med et af systemets egne certifikater, eller få det registreret."
        ),
        (
            "The certificate in BinarySecurityToken is not registered to the system that calls. Sign with "
            "one of the system's own certificates, or have it registered."
        ),
    )
    CERTIFICATE_BLOCKED = (
        "certifikat-spaerret",
        ("Certifikatet i BinarySecurityToken er spærret. Signér med et andet af systemets certifikater."),
        ("The certificate in BinarySecurityToken is blocked. Sign with another of the system's certificates."),
    )
    CERTIFICATE_EARLY = (
        "certifikat-foer-tid",
        "Certifikatet i BinarySecurityToken gælder ikke endnu.",
        "The certificate in BinarySecurityToken is not valid yet.",
    )
    CERTIFICATE_OVER = (
        "certifikat-udloebet",
        "Certifikatet i BinarySecurityToken er udløbet. Signér med systemets nye certifikat.",
        "The certificate in BinarySecurityToken has expired. Sign with the system's new certificate.",
    )
    KEY_WEAK = (
        "noegle-svag",
        f"Certifikatet skal have en RSA-nøgle på mindst {SHORTEST_KEY} bits.",
        f"The certificate must have an RSA key of at least {SHORTEST_KEY} bits.",
    )
    NO_CANONICAL_FORM = (
        "kanonisk-form",
        (
            "Et signeret element har ingen kanonisk form: det bruger et navnerum, der er en relativ "
            "adresse. Giv alle navnerum en fuld adresse."
        ),
        (
            "A signed element has no canonical form: it uses a namespace that is a relative address. Give "
            "every namespace a full address."
        ),
    )
    BODY_CHANGED = (
        "digest-body",
        (
            "Body er ikke, hvad der blev signeret: DigestValue passer ikke. Intet må ændres efter "
            "signeringen, heller ikke blanktegn, linjeskift og præfikser."
        ),
        (
            "Body is not what was signed: DigestValue does not fit. Change nothing after signing, not "
            "even blanks, line breaks and prefixes."
        ),
    )
    TIMESTAMP_CHANGED = (
        "digest-timestamp",
        ("Timestamp er ikke, hvad der blev signeret: DigestValue passer ikke. Signér, efter at tiderne er sat."),
        "Timestamp is not what was signed: DigestValue does not fit. Sign after the times are set.",
    )
    OTHER_CHANGED = (
        "digest-andet",
        ("Et signeret element uden for Body og Timestamp er ikke, hvad der blev signeret: DigestValue passer ikke."),
        ("A signed element other than Body and Timestamp is not what was signed: DigestValue does not fit."),
    )
    SIGNATURE_VALUE = (
        "signaturvaerdi",
        (
            "SignatureValue passer ikke til SignedInfo og certifikatet i BinarySecurityToken. Signér med "
            "den private nøgle, der hører til certifikatet, og ændr ikke SignedInfo bagefter."
        ),
        (
            "SignatureValue does not fit SignedInfo and the certificate in BinarySecurityToken. Sign with "
            "the private key of the certificate, and do not change SignedInfo afterwards."
        ),
    )
    REPLAYED = (
        "gentaget",
        (
            "Præcis dette signerede kald er brugt før. Signér hvert kald for sig, også når det sendes "
            "igen; SystemTransactionID må være den samme."
        ),
        (
            "This signed request has been used before. Sign every request by itself, also when it is sent "
            "again; SystemTransactionID may be the same."
        ),
    )

    def __init__(self, key: str, da: str, en: str) -> None:
        self.key = key
        self.text = Text(da, en)


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
