"""The fuzzed targets by name: each has ``seeds()`` and ``run(input)``, which raises when a promise is broken."""

from typing import Final, Protocol, cast

from tests.fuzz import certificates, envelopes, signatures


class Target(Protocol):
    def seeds(self) -> dict[str, bytes]: ...

    def run(self, data: bytes) -> None: ...


TARGETS: Final = cast(
    "dict[str, Target]", {"envelopes": envelopes, "signatures": signatures, "certificates": certificates}
)
