"""Verify the signature with signxml; the bytes it has verified must be those of the elements that are used."""

import base64
import hashlib
import logging
from typing import Any, Final, cast

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from udb.callers import x509
from udb.domain.text import Text
from udb.wsdl.signature import names
from udb.wsdl.signature.examined import Examined, Reference
from udb.wsdl.signature.reasons import NOTHING, Broken, Reason
from udb.wsdl.signature.signed_info import prefixes_of
from udb.wsdl.xml.default_prefix import know_default

_METHODS: Final = {SignatureMethod.RSA_SHA256}
_OLD_METHODS: Final = {SignatureMethod.RSA_SHA1}
_DIGESTS: Final = {DigestAlgorithm.SHA256}
_OLD_DIGESTS: Final = {DigestAlgorithm.SHA1}
_HASHES: Final = {names.SHA256: hashlib.sha256, names.SHA1: hashlib.sha1}

# At DEBUG, signxml logs what it verifies: a youth's data.
logging.getLogger("signxml").setLevel(logging.WARNING)


class _Verifier(XMLVerifier):
    """signxml's verifier, which splits an empty PrefixList to one empty prefix; to libxml2 that is the default one."""

    def _get_inclusive_ns_prefixes(self, transform_node: etree._Element) -> list[str]:
        return list(prefixes_of(transform_node))


def check_digests(examined: Examined) -> Text:
    """Step: check that each signed element is unchanged. ``verify`` checks it again; this step names the element."""
    for reference in examined.references:
        found = _HASHES[reference.digest_method](canonical(reference)).digest()
        if base64.b64encode(found).decode() != reference.digest_value:
            size = len(canonical(reference))
            form = Text(f"kanonisk form er {size} bytes", f"the canonical form has {size} bytes")
            raise Broken(_changed(examined, reference.target), form)
    return NOTHING


def verify(examined: Examined) -> Text:
    """Step: check that the certificate's key has signed exactly the elements that the references point to."""
    for verified, reference in zip(_verified(examined), examined.references, strict=True):
        if verified.signed_data != canonical(reference):
            raise Broken(Reason.SIGNATURE_VALUE)
    return NOTHING


def signature_value(examined: Examined) -> bytes:
    """Return the bytes of the signature, however its base64 is spaced."""
    return base64.b64decode("".join((examined.signature[1].text or "").split()))


def canonical(reference: Reference) -> bytes:
    """Return the canonical bytes of a signed element.

    Raises Broken if it has none: canonical XML does not allow relative namespaces.
    """
    prefixes = cast("Any", list(reference.prefixes))
    try:
        return etree.tostring(reference.target, method="c14n", exclusive=True, inclusive_ns_prefixes=prefixes)
    except etree.C14NError:
        raise Broken(Reason.NO_CANONICAL_FORM) from None


def _verified(examined: Examined) -> list[VerifyResult]:
    # signxml makes copies, which are documents of this thread.
    know_default()
    old = examined.policy.sha1
    config = SignatureConfiguration(
        location=f"./{examined.version.tag('Header')}/{names.SECURITY}/",
        expect_references=len(examined.references),
        signature_methods=frozenset(_METHODS | _OLD_METHODS if old else _METHODS),
        digest_algorithms=frozenset(_DIGESTS | _OLD_DIGESTS if old else _DIGESTS),
        verification_time=examined.policy.now,
    )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        found = _Verifier().verify(
            cast("Any", examined.root),
            x509_cert=x509.load(examined.der),
            expect_config=config,
            validate_schema=False,
            parser=cast("Any", parser),
        )
    except Exception:  # noqa: BLE001 - any exception means that it has not verified
        raise Broken(Reason.SIGNATURE_VALUE) from None
    return found if isinstance(found, list) else [found]


def _changed(examined: Examined, target: etree._Element) -> Reason:
    if target is examined.body:
        return Reason.BODY_CHANGED
    return Reason.TIMESTAMP_CHANGED if target is examined.timestamp else Reason.OTHER_CHANGED
