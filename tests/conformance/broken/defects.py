"""Services broken from within: one clause, rule or habit differs from what it should be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import false, true

from udb.access import clauses, columns, contacts
from udb.domain.contacts import YouthContacts
from udb.domain.haendelse import Haendelse
from udb.hentning import feed, fetch, fetch_keys, level, queries
from udb.indberetning import call_keys, new_events, take
from udb.rules import r5001, runner
from udb.store.sql import prepared

Break = Callable[[pytest.MonkeyPatch], None]


def _everything(*_arguments: Any) -> Any:
    return true()


def _clause(name: str) -> Break:
    def apply(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(clauses, name, _everything)
        _without_index(patch)

    return apply


def _without_index(patch: pytest.MonkeyPatch) -> None:
    """Switch the index search off, which would still apply the right clauses."""
    patch.setattr(queries, "index_conditions", lambda *_: (true(),))


def _efterskoler(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clauses, "is_efterskole", lambda _type3: false())
    _without_index(patch)


def _shield(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(columns, "a4_tells", _everything)


def _look_up_of_anybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetch, "home_youths", clauses.a3_age)
    patch.setattr(contacts, "home_youths", clauses.a3_age)


def _cancelled_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clauses, "a7_standing", _everything)


def _cancellations_looked_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clauses, "a7_look_up", clauses.a7_standing)


def _given_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(feed, "_given", lambda *_: ~true())
    patch.setattr(fetch.feed, "move_position", lambda *_: None)


def _page_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetch_keys, "keep_page", lambda *_: None)


def _old_keys_taken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetch_keys, "is_used", lambda *_: False)


def _stored_twice(patch: pytest.MonkeyPatch) -> None:
    read, row = take.lock_with_history, call_keys.row

    def forgetful(*arguments: Any) -> Any:
        person, history = read(*arguments)
        return person, replace(history, kept=None)

    patch.setattr(take, "lock_with_history", forgetful)
    patch.setattr(call_keys, "row", lambda call, *said: row(replace(call, transaction_id=str(uuid4())), *said))


def _without_exemptions(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(r5001, "may_be_taken_again", lambda *_: False)


def _all_exempt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(r5001, "may_be_taken_again", lambda *_: True)


def _level_always_obligation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(level.Levels, "of", lambda *_: "Uddannelsespligt")


def _accepts_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(take, "evaluate", lambda *_: ())


def _cancellation_without_its_report(patch: pytest.MonkeyPatch) -> None:
    right = new_events.cancellations

    def nameless(*arguments: Any) -> list[Haendelse]:
        return [replace(event, status=2) for event in right(*arguments)]

    patch.setattr(take, "cancellations", nameless)


def _no_contacts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetch, "youth_contacts", lambda *_: YouthContacts())


def _no_late_practice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clauses, "a9_practice", _everything)


def _highest_is_the_first(patch: pytest.MonkeyPatch) -> None:
    right = fetch._page_answer
    patch.setattr(fetch, "_page_answer", lambda call, page, **said: right(call, page, **said | {"highest": page.first}))


def made_again(patch: pytest.MonkeyPatch) -> None:
    """Build every statement again each time, from the clauses as they are then."""
    patch.setattr(
        prepared.Prepared,
        "_plan",
        lambda self, dialect: prepared._compiled(self._make(dialect.name), dialect),
    )


def without(code: str) -> Break:
    """Return a break that removes a rule."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        right = runner.evaluate
        patch.setattr(take, "evaluate", lambda *given: tuple(one for one in right(*given) if one.code != code))

    return apply


DEFECTS: Mapping[str, tuple[Break, tuple[str, ...]]] = {
    "anybody's youth in the feed": (_clause("a1_home_kommune"), ("hentning-bopael", "hentning-flytning")),
    "anybody's youth in the look-up": (_look_up_of_anybody, ("hentning-afvisninger",)),
    "younger and older youths": (_clause("a3_age"), ("hentning-bopael",)),
    "history from before 25 shown": (_clause("a4_after_25"), ("alder-25-foer",)),
    "DatoOptag from before 25 shown": (_shield, ("alder-25-foer",)),
    "events after a competence-giving education shown": (_clause("a5_vocational"), ("alder-25-efter",)),
    "the feed gives more than the completed course": (_clause("a6_feed"), ("gennemfoert-under-25",)),
    "the look-up gives what is later than the completion": (_clause("a6_look_up"), ("gennemfoert-under-25",)),
    "cancelled reports shown": (_cancelled_stay, ("annullering",)),
    "cancellations in the look-up": (_cancellations_looked_up, ("annullering",)),
    "late practice places shown as events": (_no_late_practice, ("hentning-praktiksted",)),
    "efterskoler told to their kommune": (_efterskoler, ("skolekommune-efterskole",)),
    "what was given is given again": (_given_again, ("hentning-tre-maader",)),
    "a lost page cannot be fetched again": (_page_forgotten, ("hentning-samme-kald",)),
    "an older key gives a page": (_old_keys_taken, ("hentning-samme-kald",)),
    "a report sent again is stored twice": (_stored_twice, ("indberetning-igen",)),
    "5001 without its exemptions": (_without_exemptions, ("regel-5001-rigtig",)),
    "5001 never": (_all_exempt, ("regel-5001-forkert",)),
    "the level never rises": (_level_always_obligation, ("niveau",)),
    "everything is accepted": (_accepts_everything, ("indberetning-afvist",)),
    "a cancellation with another status": (_cancellation_without_its_report, ("annullering",)),
    "contacts and wishes untold": (_no_contacts, ("kommune-kontakt-og-oensker", "kommune-sletter")),
    "the highest number is the page's first": (_highest_is_the_first, ("hentning-tre-maader",)),
}
"""By name: the break, and the scenarios of which at least one must fail."""
