"""Sign the requests of the group ``signatures`` again: ``python -m tests.recorded.sign``.

Signed requests cannot be made where they are sent: keys are random. So they are kept in ``calls/signed.json``, with the
certificates and without any key. Run this only to add a request; all of them change.
"""

import base64
import json
from typing import Any

from tests.recorded import soap
from tests.recorded.bridge import SOAP_VERSIONS, frozen
from tests.recorded.calls.signatures import FETCH, FILE

LONG = {"five-hundred-references", "a-thousand-transforms"}
"""Cases that are left out, for their size."""


def edited(base: str, message: str) -> list[Any]:
    """What a message has instead of a part of the base: where the part begins, its length, the other text."""
    begin = same(base, message)
    end = same(base[begin:][::-1], message[begin:][::-1])
    return [begin, len(base) - end - begin, message[begin : len(message) - end]]


def same(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def main() -> None:
    with frozen() as identifiers:
        identifiers.begin("sign")
        # They read the clock when they are imported.
        from tests.support.certificates import issued, unusual
        from tests.support.signing import FORMS, signed
        from tests.wsdl.broken import CASES

        content = soap.request("HentHaendelser", FETCH, "signeret")
        names = ("eget", "andet", "andens", "spaerret", "ukendt", "udloebet", "kommende", "svag")
        der = {name: base64.b64encode(unusual(name).der).decode() for name in names}
        right = {
            f"{form} {version.number}": signed(form, content, issued("eget"), version).decode()
            for form in FORMS
            for version in SOAP_VERSIONS
        }
        right["dotnet 1.2 with SHA-1"] = signed("dotnet", content, issued("eget"), sha1=True).decode()
        base = signed("dotnet", content, issued("eget")).decode()
        broken = {
            case.name: edited(
                base,
                signed(
                    "dotnet", content, issued(case.certificate), before=case.before, after=case.after, **case.more
                ).decode(),
            )
            for case in CASES
            if case.name not in LONG
        }
    written = {"certificates": der, "right": right, "base": base, "broken": broken}
    FILE.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
