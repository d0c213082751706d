"""The checks in their order: the cheap ones first, the arithmetic last."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from udb.wsdl.signature.examined import Examined
from udb.wsdl.signature.header import find_header, find_ids, find_parts
from udb.wsdl.signature.reasons import Broken, Reason
from udb.wsdl.signature.signed_info import check_algorithms, check_form, find_references
from udb.wsdl.signature.timestamp import check_timestamp
from udb.wsdl.signature.token import check_certificate, check_key_info, check_validity, read_token
from udb.wsdl.signature.verify import check_digests, verify


@dataclass(frozen=True, slots=True)
class Step:
    """One check. ``title``: in Danish; ``run``: gives what it found, raises Broken."""

    title: str
    run: Callable[[Examined], str]


STEPS: Final = (
    Step("Én wsse:Security-header til servicen", find_header),
    Step("Ét Timestamp, ét BinarySecurityToken og én Signature", find_parts),
    Step("Hvert Id står én gang", find_ids),
    Step("Signature har den enkle form", check_form),
    Step("Algoritmerne er dem, der tages imod", check_algorithms),
    Step("Body og Timestamp er dækket, på deres rette plads", find_references),
    Step("BinarySecurityToken er et X.509-certifikat", read_token),
    Step("KeyInfo peger på BinarySecurityToken", check_key_info),
    Step("Timestamp gælder nu", check_timestamp),
    Step("Certifikatet gælder nu og har en stærk nøgle", check_validity),
    Step("Certifikatet er registreret til systemet", check_certificate),
    Step("Det signerede er uændret (DigestValue)", check_digests),
    Step("Signaturen er certifikatets (SignatureValue)", verify),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step. ``reason``: why it failed; ``reached``: whether it could be tried at all."""

    step: Step
    reason: Reason | None = None
    found: str = ""
    reached: bool = True


def check(examined: Examined) -> None:
    """Raises Broken at the first check that fails."""
    for step in STEPS:
        step.run(examined)


def explain(examined: Examined) -> list[Outcome]:
    """Every check, whatever becomes of the others; what a failed one should have found leaves others unreached."""
    return [_outcome(step, examined) for step in STEPS]


def _outcome(step: Step, examined: Examined) -> Outcome:
    try:
        return Outcome(step, found=step.run(examined))
    except Broken as broken:
        return Outcome(step, broken.reason, broken.found)
    except AttributeError:
        # A slot of Examined that no earlier step has filled.
        return Outcome(step, reached=False)
