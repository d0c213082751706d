"""What is known of a signed request, step by step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from udb.callers.certificates import Registered
from udb.callers.x509 import Certificate
from udb.wsdl.soap import Version


@dataclass(frozen=True, slots=True)
class Policy:
    """What a request is measured by. ``now``: system time; ``sha1``: RSA-SHA1 is taken too; ``system_id``: who calls;
    ``known``: finds a registered certificate by fingerprint.
    """

    now: datetime
    sha1: bool
    system_id: str
    known: Callable[[str], Registered | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """One signed element: where it is, and what the signature says of it."""

    target: etree._Element
    digest_method: str
    digest_value: str
    prefixes: tuple[str, ...]


@dataclass(slots=True)
class Examined:
    """Filled by the steps of ``steps.STEPS``, each using what those before it have found."""

    root: etree._Element
    version: Version
    policy: Policy
    security: etree._Element = field(init=False)
    timestamp: etree._Element = field(init=False)
    token: etree._Element = field(init=False)
    signature: etree._Element = field(init=False)
    ids: dict[str, etree._Element] = field(init=False)
    references: list[Reference] = field(init=False)
    certificate: Certificate = field(init=False)
    der: bytes = field(init=False)
    expires: datetime = field(init=False)

    @property
    def body(self) -> etree._Element:
        """The Body whose child is handed on (``udb.wsdl.xml.envelope``)."""
        return self.root[-1]
