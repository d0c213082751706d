"""Every exception that the project raises on purpose.

UdbError
├── WrongUse              a command, an option, a value or a setting was not understood (exit 2)
├── UdbRefused            the request is understood, what is stored does not allow it, nothing has changed (exit 4)
│   ├── UnknownName       no system, institution, event, ... has this name or number (exit 2)
│   ├── FileUnusable      a file cannot be read, written or used (exit 2)
│   ├── OtherVersion      the database is not of this program's version (exit 3)
│   ├── ClockDisagrees    this host's clock cannot be trusted (exit 4)
│   └── ExtractRefused    the extract cannot be made, and nothing of it is left (exit 1)
├── DatabaseUnavailable   the database is out of reach or busy (exit 3, UDB009104)
│   ├── LoginRefused      the database answers, and does not let this role in (exit 3, UDB009104)
│   ├── DatabaseBehind    the database lacks events that were acknowledged (UDB009104)
│   └── StandbyLate       the standby for reading is further behind than it may be (exit 3)
├── AnchorUnavailable     the place outside for the read log's hashes cannot be reached (exit 3)
├── AnchorDiffers         the read log is not what was anchored outside (exit 1)
├── TargetUnavailable     what is to be tested does not answer (exit 3)
├── CommandFailed         a command that this one runs has failed and said why (its exit code)
├── NotAuthenticated      no or wrong credentials (UDB009101)
├── TooManyCalls          the system calls too often (UDB009105)
│   └── TooManyRefused    too many of its reports were refused for their CPR numbers (UDB009105)
└── NoDataaftale          the system may not use the service for the institution (UDB009102)

The text of an exception that ends a command says what the user can do; ``udb.cli`` maps each to its exit code.
"""

import math

from udb.domain.text import Language, Text


class UdbError(Exception):
    """The base of all: an error that the user can do something about, shown without a traceback."""

    def said(self, language: Language) -> str:
        """Return the text in a language, or the only text there is."""
        text = self.args[0] if self.args else ""
        return text.said(language) if isinstance(text, Text) else str(self)


class UdbRefused(UdbError):
    """The request is understood, but what is stored does not allow it; nothing has changed."""


class UnknownName(UdbRefused):
    """There is nothing of this name or number."""


class FileUnusable(UdbRefused):
    """A file cannot be read, written or used."""


class OtherVersion(UdbRefused):
    """The database is empty or of another version of this program."""


class ClockDisagrees(UdbRefused):
    """The clock of this host differs too much from the database's, or from what is on record."""


class ExtractRefused(UdbRefused):
    """The statistics extract cannot be made of what is stored, or cannot be written; nothing of it is left."""


class WrongUse(UdbError):
    """The command or a setting was not understood."""


class DatabaseUnavailable(UdbError):
    """The database does not answer, or is busy."""


class LoginRefused(DatabaseUnavailable):
    """The database answers, and does not let this role in."""


class DatabaseBehind(DatabaseUnavailable):
    """The database lacks events that this host has acknowledged, so it is not written to."""


class StandbyLate(DatabaseUnavailable):
    """The standby for reading is further behind than it may be."""


class AnchorUnavailable(UdbError):
    """The place outside for the read log's hashes cannot be reached or used."""


class AnchorDiffers(UdbError):
    """The read log is not what was anchored outside."""


class CommandFailed(UdbError):
    """A command that this one runs has failed and said why."""

    def __init__(self, code: int) -> None:
        """``code``: the command's exit code."""
        super().__init__()
        self.code = code


class NotAuthenticated(UdbError):
    """The caller is not authenticated."""

    def __init__(
        self,
        *,
        credentials_sent: bool,
        details: str | None = None,
        sandbox: bool = False,
        without_certificate: bool = False,
    ) -> None:
        """``credentials_sent``: whether the call had any. ``details``: what is wrong, in Danish. ``sandbox``: HTTP
        Basic would have been accepted. ``without_certificate``: a client certificate would have been accepted.
        """
        super().__init__()
        self.credentials_sent = credentials_sent
        self.details = details
        self.sandbox = sandbox
        self.without_certificate = without_certificate


class TooManyCalls(UdbError):
    """The system calls too often."""

    def __init__(self, *, limit: int, seconds: float) -> None:
        """``limit``: how many are allowed in the limit's time; ``seconds``: until another call is allowed."""
        super().__init__()
        self.limit = limit
        self.seconds = math.ceil(seconds)


class TooManyRefused(TooManyCalls):
    """Too many of the system's reports were refused because of whom their CPR numbers belong to, or do not."""


class NoDataaftale(UdbError):
    """No dataaftale for (system, service, institution)."""


class TargetUnavailable(UdbError):
    """What the conformance suite is to test does not answer."""

    def __init__(self, text: Text) -> None:
        """``text``: what is wrong; it is in the suite's report too."""
        super().__init__(text)
        self.text = text
