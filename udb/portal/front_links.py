"""The tasks that the front page offers each role; a task appears when its pages are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from udb.portal.roles import Role, may_open


@dataclass(frozen=True, slots=True)
class Task:
    """A link of the front page. ``endpoint``: the page where the task begins."""

    endpoint: str
    title: str
    text: str


TASKS: Final[Sequence[Task]] = (
    Task("reporting.front", "Indberet manuelt", "når jeres eget system ikke kan sende en indberetning"),
    Task("own_reports.mine", "Mine indberetninger", "se, hvad I har indberettet, og annullér det, der er forkert"),
    Task("youths.front", "Unge i kommunen", "find en ung, og se, hvem du kan ringe til, og hvad I har registreret"),
    Task("reconciliation.choose", "Afstemning", "sammenlign en liste fra jeres eget system med det, I har i UDB"),
    Task("system_change.front", "Systemskifte", "meld, at I skifter system, og se, om alt kom med"),
    Task("quality.overview", "Datakvalitet", "se, hvad der mangler, er forældet, kommer for sent eller bliver afvist"),
    Task(
        "figures.front",
        "Ledelsesinformation",
        "se, hvor mange der er i målgruppen, hvor mange der falder fra, og hvad der nås",
    ),
    Task("own.overview", "Dine oplysninger", "se, hvad der står om dig, og hvem der har set det"),
)


def links_of(role: Role) -> list[Task]:
    """Return the tasks that a role may begin."""
    return [task for task in TASKS if may_open(task.endpoint, role)]
