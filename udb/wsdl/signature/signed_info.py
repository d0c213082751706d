"""Check what the signature covers and with which algorithms; only the simple form is accepted. Computes nothing."""

from typing import Final

from lxml import etree

from udb.domain.text import Text
from udb.wsdl.signature import names
from udb.wsdl.signature.examined import Examined, Reference
from udb.wsdl.signature.limits import MAX_PREFIXES, MAX_REFERENCES
from udb.wsdl.signature.reasons import Broken, Reason, same
from udb.wsdl.soap import TRIAL

_SIGNATURE: Final = [names.SIGNED_INFO, names.SIGNATURE_VALUE, names.KEY_INFO]
_METHODS: Final = [names.C14N_METHOD, names.SIGNATURE_METHOD]
_REFERENCE: Final = [names.TRANSFORMS, names.DIGEST_METHOD, names.DIGEST_VALUE]


def check_form(examined: Examined) -> Text:
    """Step: check that the signature has the simple form, and not too many references."""
    if _tags(examined.signature) != _SIGNATURE:
        raise Broken(Reason.SIGNATURE_FORM)
    signed_info, value, _ = examined.signature
    tags = _tags(signed_info)
    methods, references = tags[: len(_METHODS)], tags[len(_METHODS) :]
    if methods != _METHODS or set(references) != {names.REFERENCE} or len(signed_info[1]) or len(value):
        raise Broken(Reason.SIGNATURE_FORM)
    if len(references) > MAX_REFERENCES:
        raise Broken(Reason.TOO_MANY_REFERENCES, same(len(references)))
    return Text(f"{len(references)} Reference-elementer", f"{len(references)} Reference elements")


def check_algorithms(examined: Examined) -> Text:
    """Step: check for exclusive C14N, RSA-SHA256 and SHA-256; SHA-1 too if the policy accepts it."""
    signed_info = examined.signature[0]
    c14n, method = signed_info[0], signed_info[1]
    if c14n.get("Algorithm") != names.EXC_C14N or _prefixes(c14n) is None:
        raise Broken(Reason.C14N)
    algorithm = method.get("Algorithm", "")
    if names.HMAC in algorithm:
        raise Broken(Reason.HMAC)
    _require(algorithm, names.RSA_SHA256, names.RSA_SHA1, Reason.SIGNATURE_METHOD, examined)
    for digest in signed_info.iter(names.DIGEST_METHOD):
        _require(digest.get("Algorithm", ""), names.SHA256, names.SHA1, Reason.DIGEST_METHOD, examined)
    return same(algorithm)


def _require(algorithm: str, wanted: str, old: str, reason: Reason, examined: Examined) -> None:
    if algorithm == old and not examined.policy.sha1:
        raise Broken(Reason.SHA1)
    if algorithm not in {wanted, old}:
        raise Broken(reason)


def find_references(examined: Examined) -> Text:
    """Step: find the element of each reference: no element twice, only signable ones, with Body and Timestamp.

    The header that requests a trial must be covered too, else it could be added on the way.
    """
    references: list[Reference] = []
    for element in examined.signature[0].findall(names.REFERENCE):
        reference = _reference(examined, element)
        if any(reference.target is other.target for other in references):
            raise Broken(Reason.REFERENCE_TWICE)
        references.append(reference)
    targets = [reference.target for reference in references]
    if examined.body not in targets:
        raise Broken(Reason.BODY_UNSIGNED)
    if examined.timestamp not in targets:
        raise Broken(Reason.TIMESTAMP_UNSIGNED)
    # Header comes first (udb.wsdl.xml.envelope): the Security header is in it.
    if any(trial not in targets for trial in examined.root[0].iterchildren(TRIAL)):
        raise Broken(Reason.TRIAL_UNSIGNED)
    examined.references = references
    return same(", ".join(etree.QName(target).localname for target in targets if _is_ours(examined, target)))


def _reference(examined: Examined, element: etree._Element) -> Reference:
    uri = element.get("URI")
    if uri is None or not uri.startswith("#") or len(uri) == 1 or "(" in uri:
        raise Broken(Reason.REFERENCE_OUTSIDE)
    if _tags(element) not in (_REFERENCE, _REFERENCE[1:]) or any(len(part) for part in list(element)[-2:]):
        raise Broken(Reason.REFERENCE_FORM)
    method, value = list(element)[-2:]
    transforms = element.findall(f"{names.TRANSFORMS}/*")
    if any(one.tag != names.TRANSFORM or one.get("Algorithm") != names.EXC_C14N for one in transforms):
        raise Broken(Reason.TRANSFORM)
    if len(transforms) != 1:
        raise Broken(Reason.TRANSFORM_COUNT, same(len(transforms)))
    prefixes = _prefixes(transforms[0])
    if prefixes is None:
        raise Broken(Reason.TRANSFORM)
    target = examined.ids.get(uri[1:])
    if target is None:
        raise Broken(Reason.REFERENCE_NOWHERE)
    _require_place(examined, target)
    return Reference(target, method.get("Algorithm", ""), "".join((value.text or "").split()), prefixes)


def _require_place(examined: Examined, target: etree._Element) -> None:
    """Refuse signature wrapping: an element counts by its place, not by its name."""
    if _is_ours(examined, target):
        return
    if target.tag == examined.version.tag("Body"):
        raise Broken(Reason.BODY_MOVED)
    if target.tag == names.TIMESTAMP:
        raise Broken(Reason.TIMESTAMP_MOVED)
    # Header comes first, if there is one (udb.wsdl.xml.envelope).
    if target.getparent() is not examined.root[0] or target.tag == names.SECURITY:
        raise Broken(Reason.REFERENCE_FOREIGN)


def _is_ours(examined: Examined, target: etree._Element) -> bool:
    return any(target is one for one in (examined.body, examined.timestamp, examined.token))


def _prefixes(method: etree._Element) -> tuple[str, ...] | None:
    """Return the prefixes of InclusiveNamespaces; None if there are too many, or ``method`` has any other child."""
    if len(method) and (_tags(method) != [names.INCLUSIVE] or len(method[0])):
        return None
    found = prefixes_of(method)
    return found if len(found) <= MAX_PREFIXES else None


def prefixes_of(method: etree._Element) -> tuple[str, ...]:
    """Return the prefixes of the InclusiveNamespaces in a CanonicalizationMethod or Transform."""
    return tuple(token for listed in method for token in listed.get("PrefixList", "").split())


def _tags(element: etree._Element) -> list[str]:
    return [str(child.tag) for child in element]
