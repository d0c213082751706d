"""What each reason to refuse a signed request says: what is wrong and what was expected.

docs/signering.md explains for each name what a vendor must do; it does not repeat these texts.
"""

from typing import Final

from udb.callers.x509 import SHORTEST_KEY
from udb.domain.text import Text
from udb.wsdl.signature.limits import LIFE_SECONDS, MAX_PREFIXES, MAX_REFERENCES, SKEW_SECONDS

TEXTS: Final = {
    "header-mangler": Text(
        (
            "Kaldet har ingen wsse:Security-header til tjenesten. Her kræves en med Timestamp, "
            "BinarySecurityToken og Signature."
        ),
        (
            "The request has no wsse:Security header for the service. It needs one with Timestamp, "
            "BinarySecurityToken and Signature."
        ),
    ),
    "header-gentaget": Text(
        (
            "Kaldet har mere end én wsse:Security-header til tjenesten. Der må være én; headere til andre "
            "har en actor/role."
        ),
        (
            "The request has more than one wsse:Security header for the service. One is allowed; headers "
            "for others have an actor/role."
        ),
    ),
    "timestamp-mangler": Text(
        "Security har intet wsu:Timestamp. Der skal være ét, direkte i Security.",
        "Security has no wsu:Timestamp. It needs one, directly in Security.",
    ),
    "timestamp-gentaget": Text(
        "Security har mere end ét wsu:Timestamp. Der skal være ét.",
        "Security has more than one wsu:Timestamp. It needs one.",
    ),
    "token-mangler": Text(
        "Security har intet wsse:BinarySecurityToken. Læg certifikatet i ét, direkte i Security.",
        ("Security has no wsse:BinarySecurityToken. Put the certificate into one, directly in Security."),
    ),
    "token-gentaget": Text(
        ("Security har mere end ét wsse:BinarySecurityToken. Der skal være ét, med certifikatet, der er signeret med."),
        ("Security has more than one wsse:BinarySecurityToken. It needs one, with the certificate of the signature."),
    ),
    "signatur-mangler": Text(
        "Security har ingen ds:Signature. Der skal være én, direkte i Security.",
        "Security has no ds:Signature. It needs one, directly in Security.",
    ),
    "signatur-gentaget": Text(
        "Kaldet har mere end én ds:Signature. Der må være én i hele kaldet.",
        "The request has more than one ds:Signature. One is allowed in the whole request.",
    ),
    "id-gentaget": Text(
        (
            "To elementer har samme Id. Hvert Id må stå én gang i hele kaldet, så en henvisning kun kan "
            "pege ét sted hen."
        ),
        (
            "Two elements have the same Id. Each Id is allowed once in the whole request, so that a "
            "reference has one target."
        ),
    ),
    "signatur-form": Text(
        (
            "ds:Signature skal bestå af netop SignedInfo, SignatureValue og KeyInfo, og SignedInfo af "
            "CanonicalizationMethod, SignatureMethod og Reference-elementer, i den rækkefølge og uden "
            "andet."
        ),
        (
            "ds:Signature must have exactly SignedInfo, SignatureValue and KeyInfo, and SignedInfo "
            "exactly CanonicalizationMethod, SignatureMethod and Reference elements, in this order."
        ),
    ),
    "referencer-for-mange": Text(
        f"SignedInfo må højst have {MAX_REFERENCES} Reference-elementer. Body og Timestamp er nok.",
        (f"SignedInfo may have at most {MAX_REFERENCES} Reference elements. Body and Timestamp are enough."),
    ),
    "kanonisering": Text(
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
    ),
    "signatur-hmac": Text(
        ("SignatureMethod er en HMAC, altså en delt nøgle. Signér med certifikatets private nøgle: RSA-SHA256."),
        ("SignatureMethod is an HMAC, which is a shared key. Sign with the certificate's private key: RSA-SHA256."),
    ),
    "sha1-lukket": Text(
        ("Kaldet bruger SHA-1, som ikke er tilladt her. Brug RSA-SHA256 til signaturen og SHA-256 til hver Reference."),
        (
            "The request uses SHA-1, which is closed here. Use RSA-SHA256 for the signature and SHA-256 "
            "for each Reference."
        ),
    ),
    "signaturmetode": Text(
        "SignatureMethod skal være RSA-SHA256: http://www.w3.org/2001/04/xmldsig-more#rsa-sha256.",
        "SignatureMethod must be RSA-SHA256: http://www.w3.org/2001/04/xmldsig-more#rsa-sha256.",
    ),
    "digestmetode": Text(
        "DigestMethod skal være SHA-256 i hver Reference: http://www.w3.org/2001/04/xmlenc#sha256.",
        "DigestMethod must be SHA-256 in each Reference: http://www.w3.org/2001/04/xmlenc#sha256.",
    ),
    "reference-form": Text(
        ("Hver ds:Reference skal bestå af netop Transforms, DigestMethod og DigestValue, i den rækkefølge."),
        "Each ds:Reference must have exactly Transforms, DigestMethod and DigestValue, in this order.",
    ),
    "reference-udenfor": Text(
        ("En Reference peger ud af kaldet, på hele kaldet eller med XPointer. URI skal være # og et elements Id."),
        (
            "A Reference points out of the request, to the whole request or with XPointer. URI must be # "
            "and the Id of an element."
        ),
    ),
    "reference-uden-maal": Text(
        "En Reference peger på et Id, som intet element har. Sæt wsu:Id på det element, der signeres.",
        "A Reference points to an Id that no element has. Set wsu:Id on the element that is signed.",
    ),
    "reference-gentaget": Text(
        "To Reference-elementer peger på samme element. Hvert signeres én gang.",
        "Two Reference elements point to the same element. Each is signed once.",
    ),
    "transform": Text(
        (
            "En Reference har en anden Transform end eksklusiv C14N, "
            "http://www.w3.org/2001/10/xml-exc-c14n#. Kun den er tilladt."
        ),
        (
            "A Reference has another Transform than exclusive C14N, "
            "http://www.w3.org/2001/10/xml-exc-c14n#, the only one accepted."
        ),
    ),
    "transform-antal": Text(
        "Hver Reference skal have netop én Transform: eksklusiv C14N.",
        "Each Reference must have exactly one Transform: exclusive C14N.",
    ),
    "body-flyttet": Text(
        "Signaturen dækker en Body, der ikke er kaldets egen. Det signerede skal være Envelope/Body.",
        "The signature covers a Body that is not the request's own. Sign Envelope/Body.",
    ),
    "timestamp-flyttet": Text(
        "Signaturen dækker et Timestamp, der ikke er Security-headerens eget.",
        "The signature covers a Timestamp that is not the one of the Security header.",
    ),
    "reference-fremmed": Text(
        (
            "En Reference peger på et element, der ikke signeres her. Signér Body og Timestamp; desuden "
            "må BinarySecurityToken og andre headere være signeret."
        ),
        (
            "A Reference points to an element that is not signed here. Sign Body and Timestamp; "
            "BinarySecurityToken and other headers may be signed too."
        ),
    ),
    "body-usigneret": Text(
        "Signaturen dækker ikke Body. Lav en Reference til Body's wsu:Id.",
        "The signature does not cover Body. Make a Reference to the wsu:Id of Body.",
    ),
    "timestamp-usigneret": Text(
        "Signaturen dækker ikke Timestamp. Lav en Reference til Timestamp's wsu:Id.",
        "The signature does not cover Timestamp. Make a Reference to the wsu:Id of Timestamp.",
    ),
    "kun-validering-usigneret": Text(
        "Signaturen dækker ikke headeren KunValidering. Lav en Reference til headerens wsu:Id.",
        "The signature does not cover the header KunValidering. Make a Reference to the wsu:Id of the header.",
    ),
    "token-type": Text(
        ("BinarySecurityToken skal have ValueType …x509-token-profile-1.0#X509v3: ét certifikat, ingen kæde."),
        ("BinarySecurityToken must have the ValueType …x509-token-profile-1.0#X509v3: one certificate, no chain."),
    ),
    "token-kodning": Text(
        ("BinarySecurityToken skal have EncodingType …soap-message-security-1.0#Base64Binary eller ingen."),
        ("BinarySecurityToken must have the EncodingType …soap-message-security-1.0#Base64Binary or none."),
    ),
    "token-ulaeseligt": Text(
        ("BinarySecurityToken er ikke et X.509-certifikat: skriv certifikatets DER-bytes som base64, uden PEM-linjer."),
        (
            "BinarySecurityToken is not an X.509 certificate: write the certificate's DER bytes as "
            "base64, without PEM lines."
        ),
    ),
    "keyinfo-form": Text(
        (
            "KeyInfo skal bestå af netop wsse:SecurityTokenReference med netop én wsse:Reference til "
            "BinarySecurityToken. X509Data, KeyValue og KeyIdentifier understøttes ikke."
        ),
        (
            "KeyInfo must have exactly wsse:SecurityTokenReference with exactly one wsse:Reference to "
            "BinarySecurityToken. X509Data, KeyValue and KeyIdentifier are not accepted."
        ),
    ),
    "keyinfo-peger-forkert": Text(
        ("wsse:Reference i KeyInfo peger ikke på Security's BinarySecurityToken: URI skal være # og dets wsu:Id."),
        (
            "wsse:Reference in KeyInfo does not point to the BinarySecurityToken of Security: URI must be "
            "# and its wsu:Id."
        ),
    ),
    "tid-ulaeselig": Text(
        (
            "Timestamp skal bestå af Created og højst én Expires, i den rækkefølge, som dateTime: "
            "2026-08-10T06:00:00.000Z."
        ),
        ("Timestamp must have Created and at most one Expires, in this order, as dateTime: 2026-08-10T06:00:00.000Z."),
    ),
    "tid-uden-zone": Text(
        "Created og Expires skal slutte med Z (UTC) eller en forskydning som +02:00.",
        "Created and Expires must end with Z (UTC) or an offset like +02:00.",
    ),
    "tid-omvendt": Text(
        "Expires skal ligge efter Created.",
        "Expires must be after Created.",
    ),
    "tid-fremtid": Text(
        (f"Created ligger mere end {SKEW_SECONDS} sekunder ude i fremtiden. Stil afsenderens ur efter en tidsserver."),
        f"Created is more than {SKEW_SECONDS} seconds ahead. Set the sender's clock by a time server.",
    ),
    "tid-udloebet": Text(
        (
            f"Timestamp er udløbet: kaldet skal være fremme før Expires og inden {LIFE_SECONDS // 60} "
            "minutter efter Created. Signér på ny lige før afsendelsen."
        ),
        (
            "Timestamp has expired: the request must arrive before Expires and within "
            f"{LIFE_SECONDS // 60} minutes of Created. Sign again just before sending."
        ),
    ),
    "certifikat-ukendt": Text(
        (
            "Certifikatet i BinarySecurityToken er ikke registreret til det system, der kalder. Signér "
            "med et af systemets egne certifikater, eller få det registreret."
        ),
        (
            "The certificate in BinarySecurityToken is not registered to the system that calls. Sign with "
            "one of the system's own certificates, or have it registered."
        ),
    ),
    "certifikat-spaerret": Text(
        ("Certifikatet i BinarySecurityToken er spærret. Signér med et andet af systemets certifikater."),
        ("The certificate in BinarySecurityToken is blocked. Sign with another of the system's certificates."),
    ),
    "certifikat-foer-tid": Text(
        "Certifikatet i BinarySecurityToken gælder ikke endnu.",
        "The certificate in BinarySecurityToken is not valid yet.",
    ),
    "certifikat-udloebet": Text(
        "Certifikatet i BinarySecurityToken er udløbet. Signér med systemets nye certifikat.",
        "The certificate in BinarySecurityToken has expired. Sign with the system's new certificate.",
    ),
    "noegle-svag": Text(
        f"Certifikatet skal have en RSA-nøgle på mindst {SHORTEST_KEY} bits.",
        f"The certificate must have an RSA key of at least {SHORTEST_KEY} bits.",
    ),
    "kanonisk-form": Text(
        (
            "Et signeret element har ingen kanonisk form: det bruger et navnerum, der er en relativ "
            "adresse. Giv alle navnerum en fuld adresse."
        ),
        (
            "A signed element has no canonical form: it uses a namespace that is a relative address. Give "
            "every namespace a full address."
        ),
    ),
    "digest-body": Text(
        (
            "Body er ikke, hvad der blev signeret: DigestValue passer ikke. Intet må ændres efter "
            "signeringen, heller ikke blanktegn, linjeskift og præfikser."
        ),
        (
            "Body is not what was signed: DigestValue does not fit. Change nothing after signing, not "
            "even blanks, line breaks and prefixes."
        ),
    ),
    "digest-timestamp": Text(
        ("Timestamp er ikke, hvad der blev signeret: DigestValue passer ikke. Signér, efter at tiderne er sat."),
        "Timestamp is not what was signed: DigestValue does not fit. Sign after the times are set.",
    ),
    "digest-andet": Text(
        ("Et signeret element uden for Body og Timestamp er ikke, hvad der blev signeret: DigestValue passer ikke."),
        ("A signed element other than Body and Timestamp is not what was signed: DigestValue does not fit."),
    ),
    "signaturvaerdi": Text(
        (
            "SignatureValue passer ikke til SignedInfo og certifikatet i BinarySecurityToken. Signér med "
            "den private nøgle, der hører til certifikatet, og ændr ikke SignedInfo bagefter."
        ),
        (
            "SignatureValue does not fit SignedInfo and the certificate in BinarySecurityToken. Sign with "
            "the private key of the certificate, and do not change SignedInfo afterwards."
        ),
    ),
    "gentaget": Text(
        (
            "Præcis dette signerede kald er brugt før. Signér hvert kald for sig, også når det sendes "
            "igen; SystemTransactionID må være den samme."
        ),
        (
            "This signed request has been used before. Sign every request by itself, also when it is sent "
            "again; SystemTransactionID may be the same."
        ),
    ),
}
"""Each reason's name with its explanation for the vendor; faults use the Danish one."""
