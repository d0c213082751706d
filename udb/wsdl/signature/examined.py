"""The values that the checks of a signed request use and find."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from udb.callers.certificates import Registered
from udb.callers.x509 import Certificate
from udb.wsdl.soap import Version


@dataclass(frozen=True, slots=True)
class Policy:
    """The values that a request is checked against.

    ``now``: system time; ``sha1``: RSA-SHA1 is accepted too; ``system_id``: the calling system; ``known``: returns the
    registered certificate of a fingerprint, or None.
    """

    now: datetime
    sha1: bool
    system_id: str
    known: Callable[[str], Registered | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """One signed element, with the values of its Reference in the signature."""

    target: etree._Element
    digest_method: str
    digest_value: str
    prefixes: tuple[str, ...]


@dataclass(slots=True)
class Examined:
    """A request under examination. Each step of ``steps.STEPS`` sets fields that later steps use."""

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
        """The Body whose child is carried out (``udb.wsdl.xml.envelope``)."""
        return self.root[-1]
