"""What the SOAP layer asks of the rest of the house."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from udb.call import Call

UseCase = Callable[[Call, Any], Any]
"""Takes the call and its payload; gives the answer's payload, or a ``udb.call.Delivery`` around it.

The payload is a ``udb.haendelse.Indberetning`` for the education reports, and for every other operation an object with
the request's elements under the names of ``udb.elementer``. The answer is any object that has its elements under those
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
    def maks_body(self) -> int:
        """How many bytes a request may have."""
        ...


class House(Protocol):
    """The house behind the door."""

    @property
    def settings(self) -> HouseSettings:
        """The settings in force."""
        ...

    @property
    def operations(self) -> Mapping[str, UseCase]:
        """The use case of each operation that is built, by the operation's name."""
        ...

    def authenticate(self, environ: Mapping[str, Any]) -> str:
        """The calling system's id, from a WSGI environ. Raises NotAuthenticated."""
        ...

    def count_call(self, system_id: str) -> None:
        """Called once for every call of a system that is known, before it is read further. Raises TooManyCalls."""
        ...

    def ping(self) -> bool:
        """Whether the database can be reached."""
        ...
