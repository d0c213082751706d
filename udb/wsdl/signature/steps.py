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

Check = Callable[[Examined], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One check. ``title``: in Danish; ``run``: gives what it found, raises Broken; ``needs``: the checks that find
    what it looks at.
    """

    title: str
    run: Check
    needs: tuple[Check, ...] = ()


STEPS: Final = (
    Step("Én wsse:Security-header til tjenesten", find_header),
    Step("Ét Timestamp, ét BinarySecurityToken og én Signature", find_parts, (find_header,)),
    Step("Hvert Id står én gang", find_ids),
    Step("Signature har den enkle form", check_form, (find_parts,)),
    Step("Algoritmerne er tilladt", check_algorithms, (check_form,)),
    Step("Body og Timestamp er dækket, på deres rette plads", find_references, (check_form, find_ids)),
    Step("BinarySecurityToken er et X.509-certifikat", read_token, (find_parts,)),
    Step("KeyInfo peger på BinarySecurityToken", check_key_info, (check_form,)),
    Step("Timestamp gælder nu", check_timestamp, (find_parts,)),
    Step("Certifikatet gælder nu og har en stærk nøgle", check_validity, (read_token,)),
    Step("Certifikatet er registreret til systemet", check_certificate, (read_token,)),
    Step("Det signerede er uændret (DigestValue)", check_digests, (check_algorithms, find_references)),
    Step("Signaturen er certifikatets (SignatureValue)", verify, (check_digests, check_validity)),
)
"""Each needs only checks that stand before it."""


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
    """Every check that can be tried, whatever becomes of the others."""
    outcomes: list[Outcome] = []
    passed: set[Check] = set()
    for step in STEPS:
        if not passed.issuperset(step.needs):
            outcomes.append(Outcome(step, reached=False))
            continue
        try:
            outcomes.append(Outcome(step, found=step.run(examined)))
            passed.add(step.run)
        except Broken as broken:
            outcomes.append(Outcome(step, broken.reason, broken.found))
    return outcomes
