"""Signed requests that are broken in one way each, with the reason that must come back.

Mistakes of honest senders, and known attacks on XML signatures. A case changes the form ``dotnet`` or another before it
is signed, so that the signature is right, or after.
"""

import base64
import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from lxml import etree

from tests.support.certificates import issued
from tests.support.signing import Change, nothing
from udb.domain.clock import system_time
from udb.wsdl.signature import names
from udb.wsdl.signature.limits import MAX_PREFIXES, MAX_REFERENCES
from udb.wsdl.signature.names import (
    C14N_METHOD,
    CREATED,
    DIGEST_METHOD,
    DIGEST_VALUE,
    EXPIRES,
    INCLUSIVE,
    KEY_INFO,
    REFERENCE,
    SECURITY,
    SIGNATURE,
    SIGNATURE_METHOD,
    SIGNATURE_VALUE,
    SIGNED_INFO,
    TIMESTAMP,
    TOKEN,
    TOKEN_REFERENCE,
    TRANSFORM,
    TRANSFORMS,
)
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.soap import TRIAL

ID: Final = f"{{{names.WSU}}}Id"
ENVELOPED: Final = f"{names.DS}enveloped-signature"
RSA_SHA512: Final = names.RSA_SHA256.replace("256", "512")
PKI_PATH: Final = names.X509V3.replace("X509v3", "X509PKIPathv1")
XSLT: Final = "http://www.w3.org/TR/1999/REC-xslt-19991116"
XPATH: Final = "http://www.w3.org/TR/1999/REC-xpath-19991116"
STR_TRANSFORM: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform"
RESPONDER: Final = "urn:en-anden"


@dataclass(frozen=True)
class Broken:
    """``certificate``: the name of the one it is signed with."""

    name: str
    reason: Reason
    before: Change = nothing
    after: Change = nothing
    certificate: str = "eget"
    more: dict[str, Any] = field(default_factory=dict)


def part(envelope: etree._Element, tag: str, number: int = 0) -> etree._Element:
    return list(envelope.iter(tag))[number]


def body_of(envelope: etree._Element) -> etree._Element:
    return envelope[-1]


def remove(*tags: str) -> Change:
    def change(envelope: etree._Element) -> None:
        for tag in tags:
            element = part(envelope, tag)
            element.getparent().remove(element)

    return change


def twice(tag: str) -> Change:
    """Return a change that repeats an element next to itself, with another Id."""

    def change(envelope: etree._Element) -> None:
        element = part(envelope, tag)
        again = copy.deepcopy(element)
        for inner in again.iter(etree.Element):
            for name in (ID, "Id"):
                if name in inner.attrib:
                    inner.set(name, f"{inner.get(name)}-igen")
        element.addnext(again)

    return change


def put(tag: str, attribute: str, value: str, number: int = 0) -> Change:
    return lambda envelope: part(envelope, tag, number).set(attribute, value)


def text(tag: str, value: str, number: int = 0) -> Change:
    def change(envelope: etree._Element) -> None:
        part(envelope, tag, number).text = value

    return change


def every(tag: str, attribute: str, value: str) -> Change:
    def change(envelope: etree._Element) -> None:
        for element in envelope.iter(tag):
            element.set(attribute, value)

    return change


def both(*changes: Change) -> Change:
    def change(envelope: etree._Element) -> None:
        for one in changes:
            one(envelope)

    return change


def add_trial(envelope: etree._Element) -> None:
    """Add the header. It says false, because the form is a fetch, of which there is no trial."""
    trial = etree.SubElement(envelope[0], TRIAL)
    trial.text = "false"


def remove_reference(number: int) -> Change:
    def change(envelope: etree._Element) -> None:
        element = part(envelope, REFERENCE, number)
        element.getparent().remove(element)

    return change


def add_reference(uri: str, times: int = 1) -> Change:
    def change(envelope: etree._Element) -> None:
        for _ in range(times):
            element = copy.deepcopy(part(envelope, REFERENCE))
            element.set("URI", uri)
            part(envelope, SIGNED_INFO).append(element)

    return change


def add_transform(algorithm: str, times: int = 1) -> Change:
    def change(envelope: etree._Element) -> None:
        for _ in range(times):
            etree.SubElement(part(envelope, TRANSFORMS), TRANSFORM, Algorithm=algorithm)

    return change


def add_to(tag: str, child: str) -> Change:
    return lambda envelope: etree.SubElement(part(envelope, tag), child)


def other_header(envelope: etree._Element) -> etree._Element:
    """Add another party's header, into which attacks move the signed element."""
    return etree.SubElement(envelope[0], "{urn:x}Wrapper")


def wrap_body(envelope: etree._Element) -> None:
    """Move the signed Body into a header and put another in its place: the classic attack."""
    body = body_of(envelope)
    other = copy.deepcopy(body)
    other.set(ID, "en-anden")
    other.find(".//{*}SystemTransactionID").text = "indsat"
    envelope.append(other)
    other_header(envelope).append(body)


def wrap_body_and_keep_id(envelope: etree._Element) -> None:
    wrap_body(envelope)
    body_of(envelope).set(ID, str(part(envelope[0], body_of(envelope).tag).get(ID)))


def wrap_body_with_plain_id(envelope: etree._Element) -> None:
    """Give the new Body the same Id under another name, for a reader that looks for that first."""
    wrap_body(envelope)
    del body_of(envelope).attrib[ID]
    body_of(envelope).set("Id", str(part(envelope[0], body_of(envelope).tag).get(ID)))


def wrap_in_signature(envelope: etree._Element) -> None:
    """Move the signed Body into a ds:Object of the signature itself."""
    wrap_body(envelope)
    moved = envelope[0][-1]
    etree.SubElement(part(envelope, SIGNATURE), f"{{{names.DS}}}Object").append(moved)


def sign_inside_body(envelope: etree._Element) -> None:
    """Sign only the content of Body, not Body."""
    body = body_of(envelope)
    body[0].set(ID, str(body.attrib.pop(ID)))


def wrap_timestamp(envelope: etree._Element) -> None:
    """Move an old signed Timestamp elsewhere and put a fresh one in its place."""
    old = part(envelope, TIMESTAMP)
    fresh = copy.deepcopy(old)
    fresh.set(ID, "frisk")
    old.addprevious(fresh)
    other_header(envelope).append(old)


def foreign_security(envelope: etree._Element) -> None:
    """Add another party's Security header, with a signature of its own."""
    again = copy.deepcopy(part(envelope, SECURITY))
    for name in ("actor", "role"):
        again.set(f"{{{etree.QName(envelope).namespace}}}{name}", RESPONDER)
    for element in again.iter(etree.Element):
        element.attrib.pop(ID, None)
    envelope[0].insert(0, again)


def key_value(envelope: etree._Element) -> None:
    key_info = part(envelope, KEY_INFO)
    key_info.remove(key_info[0])
    rsa = etree.SubElement(etree.SubElement(key_info, f"{{{names.DS}}}KeyValue"), f"{{{names.DS}}}RSAKeyValue")
    etree.SubElement(rsa, f"{{{names.DS}}}Modulus").text = "AQAB"
    etree.SubElement(rsa, f"{{{names.DS}}}Exponent").text = "AQAB"


def key_identifier(envelope: etree._Element) -> None:
    reference = part(envelope, TOKEN_REFERENCE)
    reference.remove(reference[0])
    etree.SubElement(reference, f"{{{names.WSSE}}}KeyIdentifier").text = "AQAB"


def x509_data(envelope: etree._Element) -> None:
    """Add a certificate of the attacker's next to the reference."""
    data = etree.SubElement(part(envelope, KEY_INFO), f"{{{names.DS}}}X509Data")
    etree.SubElement(data, f"{{{names.DS}}}X509Certificate").text = part(envelope, TOKEN).text


def swap_certificate(envelope: etree._Element) -> None:
    part(envelope, TOKEN).text = base64.b64encode(issued("andet").der).decode()


def strange_version(envelope: etree._Element) -> None:
    """Write a version that does not exist: there are three, and X.509 counts them from 0."""
    der = issued("andet").der
    part(envelope, TOKEN).text = base64.b64encode(
        der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x3c", 1)
    ).decode()


def strange_subject(envelope: etree._Element) -> None:
    """Write a name that is a string of bits, not of characters (X.690)."""
    der, name = issued("andet").der, b"\x05andet"
    assert der.count(b"\x0c" + name) == 1
    part(envelope, TOKEN).text = base64.b64encode(der.replace(b"\x0c" + name, b"\x03" + name)).decode()


def sign_security(envelope: etree._Element) -> None:
    part(envelope, SECURITY).set(ID, "sikkerhed")
    add_reference("#sikkerhed")(envelope)


def long_prefix_list(envelope: etree._Element) -> None:
    method = etree.SubElement(part(envelope, C14N_METHOD), INCLUSIVE)
    method.set("PrefixList", " ".join(f"p{number}" for number in range(MAX_PREFIXES + 1)))


def space_in_body(envelope: etree._Element) -> None:
    body_of(envelope).text = "\n"


def relative_namespace(envelope: etree._Element) -> None:
    """Use a relative namespace: canonical XML has no form of it, so it cannot have been signed."""
    etree.SubElement(body_of(envelope)[0], "{skabelon}Felt")


def one_digit(envelope: etree._Element) -> None:
    element = body_of(envelope).find(".//{*}InstitutionNummer")
    element.text = str(element.text).replace("1", "2")


def sha512(envelope: etree._Element) -> None:
    every(DIGEST_METHOD, "Algorithm", "http://www.w3.org/2001/04/xmlenc#sha512")(envelope)


_LATE: Final = system_time() - timedelta(minutes=6, seconds=1)
_AGO: Final = system_time() - timedelta(minutes=2)

CASES: Final = (
    # Mistakes
    Broken("no-header", Reason.HEADER_MISSING, after=remove(SECURITY)),
    Broken("two-headers", Reason.HEADER_TWICE, after=twice(SECURITY)),
    Broken("no-timestamp", Reason.TIMESTAMP_MISSING, after=remove(TIMESTAMP)),
    Broken("two-timestamps", Reason.TIMESTAMP_TWICE, after=twice(TIMESTAMP)),
    Broken("no-token", Reason.TOKEN_MISSING, after=remove(TOKEN)),
    Broken("two-tokens", Reason.TOKEN_TWICE, after=twice(TOKEN)),
    Broken("not-signed", Reason.SIGNATURE_MISSING, after=remove(SIGNATURE)),
    Broken("two-signatures", Reason.SIGNATURE_TWICE, after=twice(SIGNATURE)),
    Broken("signed-for-another-too", Reason.SIGNATURE_TWICE, after=foreign_security),
    Broken("duplicate-id", Reason.ID_TWICE, after=wrap_body_and_keep_id),
    Broken("duplicate-id-of-another-name", Reason.ID_TWICE, after=wrap_body_with_plain_id),
    Broken("no-key-info", Reason.SIGNATURE_FORM, after=remove(KEY_INFO)),
    Broken("no-value", Reason.SIGNATURE_FORM, after=remove(SIGNATURE_VALUE)),
    Broken("no-method", Reason.SIGNATURE_FORM, after=remove(SIGNATURE_METHOD)),
    Broken("hmac-length", Reason.SIGNATURE_FORM, after=add_to(SIGNATURE_METHOD, f"{{{names.DS}}}HMACOutputLength")),
    Broken("an-object", Reason.SIGNATURE_FORM, after=add_to(SIGNATURE, f"{{{names.DS}}}Object")),
    Broken(
        "inclusive-c14n", Reason.C14N, put(C14N_METHOD, "Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    ),
    Broken("c14n-with-comments", Reason.C14N, put(C14N_METHOD, "Algorithm", f"{names.EXC_C14N}WithComments")),
    Broken("many-prefixes", Reason.C14N, after=long_prefix_list),
    Broken("sha1", Reason.SHA1, more={"sha1": True}),
    Broken("sha1-digest", Reason.SHA1, every(DIGEST_METHOD, "Algorithm", names.SHA1)),
    Broken(
        "rsa-sha512",
        Reason.SIGNATURE_METHOD,
        put(SIGNATURE_METHOD, "Algorithm", RSA_SHA512),
    ),
    Broken("sha512-digest", Reason.DIGEST_METHOD, sha512),
    Broken("reference-without-digest", Reason.REFERENCE_FORM, after=remove(DIGEST_VALUE)),
    Broken("reference-to-nothing", Reason.REFERENCE_NOWHERE, after=put(REFERENCE, "URI", "#findes-ikke")),
    Broken("reference-twice", Reason.REFERENCE_TWICE, add_reference("#BodyRef")),
    Broken("no-transform", Reason.TRANSFORM_COUNT, remove(TRANSFORM)),
    Broken("no-transforms", Reason.TRANSFORM_COUNT, remove(TRANSFORMS)),
    Broken("two-transforms", Reason.TRANSFORM_COUNT, add_transform(names.EXC_C14N)),
    Broken("body-not-signed", Reason.BODY_UNSIGNED, remove_reference(0)),
    Broken("timestamp-not-signed", Reason.TIMESTAMP_UNSIGNED, remove_reference(1)),
    Broken("trial-not-signed", Reason.TRIAL_UNSIGNED, add_trial),
    Broken("trial-added-on-the-way", Reason.TRIAL_UNSIGNED, after=add_trial),
    Broken("token-of-a-chain", Reason.TOKEN_TYPE, put(TOKEN, "ValueType", PKI_PATH)),
    Broken("token-in-hex", Reason.TOKEN_ENCODING, put(TOKEN, "EncodingType", names.BASE64.replace("Base64", "Hex"))),
    Broken("token-in-pem", Reason.TOKEN_UNREADABLE, text(TOKEN, "-----BEGIN CERTIFICATE-----")),
    Broken("token-is-no-certificate", Reason.TOKEN_UNREADABLE, text(TOKEN, "MIIB")),
    Broken("token-of-version-61", Reason.TOKEN_UNREADABLE, after=strange_version),
    Broken("token-of-a-strange-subject", Reason.TOKEN_UNREADABLE, after=strange_subject),
    Broken("token-is-empty", Reason.TOKEN_UNREADABLE, text(TOKEN, "")),
    Broken("key-identifier", Reason.KEY_INFO, key_identifier),
    Broken("x509-data", Reason.KEY_INFO, x509_data),
    Broken("key-info-to-another", Reason.KEY_INFO_ELSEWHERE, put(f"{{{names.WSSE}}}Reference", "URI", "#BodyRef")),
    Broken("created-last", Reason.TIME_UNREADABLE, remove(CREATED)),
    Broken("no-time", Reason.TIME_UNREADABLE, text(CREATED, "i dag")),
    Broken("no-such-day", Reason.TIME_UNREADABLE, text(CREATED, "2026-02-30T00:00:00Z")),
    Broken("first-year", Reason.TIME_UNREADABLE, text(CREATED, "0001-01-01T00:00:00+14:00")),
    Broken("local-time", Reason.TIME_WITHOUT_ZONE, text(EXPIRES, "2026-08-10T06:00:00")),
    Broken("lives-an-hour", Reason.TIME_OVER, more={"created": _LATE, "life": timedelta(hours=1)}),
    Broken("ends-before-it-begins", Reason.TIME_REVERSED, more={"life": timedelta(seconds=-1)}),
    Broken("clock-ahead", Reason.TIME_AHEAD, more={"created": system_time() + timedelta(hours=1)}),
    Broken("too-late", Reason.TIME_OVER, more={"created": _LATE}),
    Broken(
        "ended-early",
        Reason.TIME_OVER,
        more={"created": _AGO, "life": timedelta(seconds=9)},
    ),
    Broken("certificate-over", Reason.CERTIFICATE_OVER, certificate="udloebet"),
    Broken("certificate-early", Reason.CERTIFICATE_EARLY, certificate="kommende"),
    Broken("key-too-short", Reason.KEY_WEAK, certificate="svag"),
    Broken("certificate-unknown", Reason.CERTIFICATE_UNKNOWN, certificate="ukendt"),
    Broken("certificate-of-another-system", Reason.CERTIFICATE_UNKNOWN, certificate="andens"),
    Broken("certificate-blocked", Reason.CERTIFICATE_BLOCKED, certificate="spaerret"),
    Broken("relative-namespace-in-body", Reason.NO_CANONICAL_FORM, after=relative_namespace),
    Broken("body-changed", Reason.BODY_CHANGED, after=one_digit),
    Broken("body-reformatted", Reason.BODY_CHANGED, after=space_in_body),
    Broken("timestamp-changed", Reason.TIMESTAMP_CHANGED, after=remove(EXPIRES)),
    Broken("digest-changed", Reason.BODY_CHANGED, after=text(DIGEST_VALUE, "AAAA")),
    Broken("value-changed", Reason.SIGNATURE_VALUE, after=text(SIGNATURE_VALUE, base64.b64encode(b"x" * 256).decode())),
    Broken("value-is-no-base64", Reason.SIGNATURE_VALUE, after=text(SIGNATURE_VALUE, "æ")),
    Broken("value-is-empty", Reason.SIGNATURE_VALUE, after=text(SIGNATURE_VALUE, "")),
    # Attacks
    Broken("body-wrapped", Reason.BODY_MOVED, after=wrap_body),
    Broken("body-wrapped-in-the-signature", Reason.SIGNATURE_FORM, after=wrap_in_signature),
    Broken("timestamp-wrapped", Reason.TIMESTAMP_MOVED, after=wrap_timestamp),
    Broken("only-the-content-of-body", Reason.REFERENCE_FOREIGN, sign_inside_body),
    Broken("the-header-itself", Reason.REFERENCE_FOREIGN, sign_security),
    Broken("certificate-swapped", Reason.SIGNATURE_VALUE, after=swap_certificate),
    Broken("hmac-with-the-public-key", Reason.HMAC, after=put(SIGNATURE_METHOD, "Algorithm", f"{names.DS}hmac-sha1")),
    Broken("key-of-ones-own", Reason.KEY_INFO, after=key_value),
    Broken("xslt", Reason.TRANSFORM, after=add_transform(XSLT)),
    Broken("xpath", Reason.TRANSFORM, after=add_transform(XPATH)),
    Broken("enveloped", Reason.TRANSFORM, after=add_transform(ENVELOPED)),
    Broken("str-transform", Reason.TRANSFORM, after=put(TRANSFORM, "Algorithm", STR_TRANSFORM)),
    Broken("a-thousand-transforms", Reason.TRANSFORM_COUNT, after=add_transform(names.EXC_C14N, 1000)),
    Broken("whole-document", Reason.REFERENCE_OUTSIDE, after=put(REFERENCE, "URI", "")),
    Broken("xpointer", Reason.REFERENCE_OUTSIDE, after=put(REFERENCE, "URI", "#xpointer(/)")),
    Broken("file", Reason.REFERENCE_OUTSIDE, after=put(REFERENCE, "URI", "file:///etc/passwd")),
    Broken("http", Reason.REFERENCE_OUTSIDE, after=put(REFERENCE, "URI", "http://127.0.0.1:1/x")),
    Broken("no-uri", Reason.REFERENCE_OUTSIDE, after=lambda envelope: part(envelope, REFERENCE).attrib.pop("URI")),
    Broken("five-hundred-references", Reason.TOO_MANY_REFERENCES, after=add_reference("#BodyRef", 500)),
    Broken("just-too-many-references", Reason.TOO_MANY_REFERENCES, after=add_reference("#BodyRef", MAX_REFERENCES - 1)),
    Broken("nobody-is-signed-but-the-time", Reason.REFERENCE_TWICE, put(REFERENCE, "URI", "#TimestampRef")),
)
