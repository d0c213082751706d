"""Every exception the context raises on purpose.

UdbError
├── UdbRefused            the input was refused and nothing has changed (exit 1)
│   └── OtherVersion      the database is not of this program's version
├── WrongUse              the command or a setting was not understood (exit 2)
├── DatabaseUnavailable   the database is out of reach or busy (exit 3, UDB009104)
├── TargetUnavailable     what is to be tested does not answer (exit 3)
├── NotAuthenticated      no or wrong credentials (UDB009101)
├── TooManyCalls          the system calls too often (UDB009105)
└── NoDataaftale          the system may not use the service for the institution (UDB009102)

The text of one that ends a command says what the user can do; ``udb.cli`` gives each its exit code.
"""

import math


class UdbError(Exception):
    """Base of all: what a user can do something about, shown without a trace."""


class UdbRefused(UdbError):
    """The input was refused and nothing has changed."""


class OtherVersion(UdbRefused):
    """The database is empty or of another version of this program."""


class WrongUse(UdbError):
    """The command or a setting was not understood."""


class DatabaseUnavailable(UdbError):
    """The database does not answer, or is busy."""


class NotAuthenticated(UdbError):
    """The caller is not known; ``credentials_sent`` tells wrong ones from none at all."""

    def __init__(self, *, credentials_sent: bool, details: str | None = None, sandbox: bool = False) -> None:
        """``credentials_sent``: whether the call named any. ``details``: what is wrong, in Danish. ``sandbox``: HTTP
        Basic would have done.
        """
        super().__init__()
        self.credentials_sent = credentials_sent
        self.details = details
        self.sandbox = sandbox


class TooManyCalls(UdbError):
    """The system calls too often."""

    def __init__(self, *, limit: int, seconds: float) -> None:
        """``limit``: calls a minute; ``seconds``: until the next call counts as one."""
        super().__init__()
        self.limit = limit
        self.seconds = math.ceil(seconds)


class NoDataaftale(UdbError):
    """No dataaftale for (system, service, institution)."""


class TargetUnavailable(UdbError):
    """What the conformance suite is to test does not answer."""
