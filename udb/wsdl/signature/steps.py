"""The checks in their order: the cheap ones first, the cryptography last."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from udb.domain.text import Text
from udb.wsdl.signature.examined import Examined
from udb.wsdl.signature.header import find_header, find_ids, find_parts
from udb.wsdl.signature.reasons import NOTHING, Broken, Reason
from udb.wsdl.signature.signed_info import check_algorithms, check_form, find_references
from udb.wsdl.signature.timestamp import check_timestamp
from udb.wsdl.signature.token import check_certificate, check_key_info, check_validity, read_token
from udb.wsdl.signature.verify import check_digests, verify

Check = Callable[[Examined], Text]


@dataclass(frozen=True, slots=True)
class Step:
    """One check. ``run`` returns what it found, or raises Broken; ``needs``: the checks whose results it uses."""

    title: str
    run: Check
    needs: tuple[Check, ...] = ()


STEPS: Final = (
    Step("One wsse:Security header for the service", find_header),
    Step("One Timestamp, one BinarySecurityToken, one Signature", find_parts, (find_header,)),
    Step("Each Id once", find_ids),
    Step("Signature in the simple form", check_form, (find_parts,)),
    Step("Accepted algorithms", check_algorithms, (check_form,)),
    Step("Body and Timestamp covered, in their right places", find_references, (check_form, find_ids)),
    Step("BinarySecurityToken is an X.509 certificate", read_token, (find_parts,)),
    Step("KeyInfo points to BinarySecurityToken", check_key_info, (check_form,)),
    Step("Timestamp is valid now", check_timestamp, (find_parts,)),
    Step("The certificate is valid now and has a strong key", check_validity, (read_token,)),
    Step("The certificate is registered to the system", check_certificate, (read_token,)),
    Step("What was signed is unchanged (DigestValue)", check_digests, (check_algorithms, find_references)),
    Step("The signature is the certificate's (SignatureValue)", verify, (check_digests, check_validity)),
)
"""Each check needs only earlier ones. Only ``udb signature explain`` shows the titles; faults do not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a step. ``reason``: why it failed, or None; ``reached``: whether it could be tried at all."""

    step: Step
    reason: Reason | None = None
    found: Text = NOTHING
    reached: bool = True


def check(examined: Examined) -> None:
    """Run all checks. Raises Broken at the first that fails."""
    for step in STEPS:
        step.run(examined)


def explain(examined: Examined) -> list[Outcome]:
    """Return the result of every step. A step is tried if all that it needs have passed, even if others have failed."""
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
