"""What the SOAP layer asks of the rest of the house."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from udb.call import Call, Caller
from udb.wsdl.soap import Version

UseCase = Callable[[Call, Any], Any]
"""Takes the call and its payload; gives the answer's payload, or a ``udb.call.Delivery`` around it.

The payload is a ``udb.haendelse.Indberetning`` for reports, and for every other operation an object with the request's
elements under the names of ``udb.elementer``. The answer is any object that has its elements under those
names; what is None is left out. It may raise ``udb.errors.NoDataaftale`` and ``DatabaseUnavailable``.
"""


class HouseSettings(Protocol):
    """The settings this layer needs."""

    @property
    def adresse(self) -> str | None:
        """The address before ``/services``, as callers see it; None: by Host header."""
        ...

    @property
    def vaerter(self) -> Collection[str]:
        """The Host headers, port included, that may stand in a served contract."""
        ...

    @property
    def kraever_signatur(self) -> bool:
        """Whether every call must be signed; else those that have a signature are checked."""
        ...

    @property
    def signatur_sha1(self) -> bool:
        """Whether RSA-SHA1 is taken."""
        ...

    @property
    def maks_body(self) -> int:
        """How many bytes a request may have."""
        ...


class Certificate(Protocol):
    """A registered certificate."""

    @property
    def system_id(self) -> str:
        """Whose it is."""
        ...

    @property
    def blocked(self) -> datetime | None:
        """Since when nobody may use it; None: one may."""
        ...


class House(Protocol):
    """The house behind the door."""

    @property
    def settings(self) -> HouseSettings:
        """The settings in force."""
        ...

    @property
    def sign_answer(self) -> Callable[[bytes, Version], bytes] | None:
        """What signs a whole answer; None: answers are not signed."""
        ...

    @property
    def operations(self) -> Mapping[str, UseCase]:
        """The use case of every operation of the contract, by the operation's name."""
        ...

    def authenticate(self, environ: Mapping[str, Any]) -> Caller:
        """The calling system, from a WSGI environ. Raises NotAuthenticated."""
        ...

    def certificate(self, fingerprint: str) -> Certificate | None:
        """The registered certificate of that fingerprint, whatever its state. Raises DatabaseUnavailable."""
        ...

    def first_use(self, fingerprint: str, signature: bytes, expires: datetime) -> bool:
        """Note a signature; False when it was used before. Raises DatabaseUnavailable."""
        ...

    def count_call(self, system_id: str) -> None:
        """Called once for every call of a system that is known, before it is read further. Raises TooManyCalls."""
        ...

    def ping(self) -> bool:
        """Whether the database can be reached."""
        ...
