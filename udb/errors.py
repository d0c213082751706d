"""The exceptions that end a command; ``udb.cli`` gives each its exit code."""


class UdbError(Exception):
    """What a user can do something about: the text says what, and no trace is shown."""


class UdbRefused(UdbError):
    """The input was refused and nothing has changed."""


class WrongUse(UdbError):
    """The command or a setting was not understood."""


class DatabaseUnavailable(UdbError):
    """The database does not answer, is busy, or is not one this program works on."""
