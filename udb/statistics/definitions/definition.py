"""What every definition says of itself, so that a page can print it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A definition of a figure or a situation.

    ``kort``: the name it is stored under. The other texts are Danish, for people: ``kilde`` the source, ``formel`` how
    it is computed, ``eksempel`` a worked case with its answer. Another ``version`` is another figure: a reading of the
    law is never a setting.
    """

    kort: str
    navn: str
    version: str
    kilde: str
    formel: str
    eksempel: str
