"""What the rules of a coming day would refuse of what is stored, by sender."""

from typing import Final

from flask import Blueprint, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import day_in_words, time_in_words
from udb.portal.pages import page
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Column, Table, file, number, words
from udb.portal.state import house
from udb.portal.youths.listing import page_number
from udb.rules.catalogue import BY_CODE
from udb.statistics.quality.coming_rules import RuleCheck, next_day, rule_check
from udb.store.engine import reading

pages = Blueprint("quality_rules", __name__, url_prefix="/kvalitet/regler")
SIZE: Final = 100
_MOST: Final = 1000
_COLUMNS: Final = (
    Column("institution", "Nr.", is_number=False),
    Column("navn", "Navn", is_number=False),
    Column("tjeneste", "Tjeneste", is_number=False),
    Column("system", "System", is_number=False),
    Column("kode", "Kode", is_number=False),
    Column("regel", "Regel", is_number=False),
    Column("antal", "Ville blive afvist"),
)


@pages.get("/")
def rules() -> Response:
    """Show the kept check."""
    with reading(house().context.engine) as connection:
        here, found = _found(connection)
    if found is None:
        return page("quality/no_rule_check.html", here=here)
    table, number_ = _table(here, found), page_number(request.args, _MOST)
    coming = next_day(here.now.date())
    return page(
        "quality/rules.html",
        here=here,
        table=table.page(number_, SIZE),
        day=day_in_words(found.dag),
        coming=day_in_words(coming) if coming > here.now.date() else None,
        judged=found.bedoemt,
        as_of=time_in_words(found.beregnet),
        number=number_,
        is_last=number_ * SIZE >= len(table.rows),
        kept={name: request.args[name] for name in ("sorter", "retning") if request.args.get(name)},
    )


@pages.get("/hent.csv")
def rules_file() -> Response:
    """Give the kept check as a file."""
    with reading(house().context.engine) as connection:
        here, found = _found(connection)
    return file(_table(here, found), "regelkontrol") if found is not None else missing()


def _found(connection: Connection) -> tuple[Place, RuleCheck | None]:
    here = place(connection)
    return here, rule_check(connection, here.egne.keys() if here.egne is not None else None)


def _table(here: Place, found: RuleCheck) -> Table:
    rows = [
        [
            words(one.institution_nummer),
            words(here.navne.get(one.institution_nummer, one.institution_nummer)),
            words(one.service),
            words(one.system_id or "ukendt"),
            words(one.kode, f"/regler/{one.kode}"),
            words(BY_CODE[one.kode].navn if one.kode in BY_CODE else None),
            number(one.antal),
        ]
        for one in found.rows
    ]
    return Table("Regelkontrol", _COLUMNS, rows).ordered(request.args)
