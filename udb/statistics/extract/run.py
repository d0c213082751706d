"""Make an extract: one snapshot, batch by batch in the order of the pseudonyms, the read log before the rows.

The rows of a batch are written when its row of the read log is committed, so a youth whose row is on disk is in the
log, whatever ends the run. The manifest comes last.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Engine

from udb.beskaeftigelse.wage import wages_and_rates
from udb.domain.call import Call
from udb.domain.errors import ExtractRefused, UnknownName
from udb.domain.formaal import Formaal
from udb.domain.persons import KOMMUNE_TYPE
from udb.readlog.entries import log_read
from udb.readlog.lookup import COMMAND_LINE, OPERATOR, operator
from udb.statistics.extract import (
    beskaeftigelse,
    checks,
    forloeb,
    haendelser,
    indberetninger,
    kodesaet,
    kontakttid,
    manifest,
    opmaerkninger,
    unge,
    who,
)
from udb.statistics.extract.files import File, open_folder, require_empty
from udb.statistics.extract.moment import Moment, moment_of
from udb.statistics.extract.request import Request
from udb.statistics.extract.scratch import Scratch, scratch
from udb.statistics.extract.snapshot import snapshot
from udb.statistics.extract.youths import Found, load
from udb.store.engine import writing

OPERATION: Final = "udtraek"
"""The operation in the read log."""
OF_YOUTHS: Final = (unge, forloeb, haendelser, beskaeftigelse, kontakttid, opmaerkninger)
OF_REGISTER: Final = (indberetninger, kodesaet)
KEY_FILE: Final = "noegle"
Done = Callable[[int], None]
"""Called with how many youths have been written."""
_AT_ONCE: Final = 2000


def extract(reader: Engine, primary: Engine, request: Request, done: Done = lambda _count: None) -> dict[str, Any]:
    """Make the extract that is asked for and return its manifest.

    ``reader``: the database or a standby of it; ``primary``: where the read log is written. Raises ExtractRefused,
    UnknownName, FileUnusable, DatabaseUnavailable; nothing is left in the folder then.
    """
    require_empty(request.folder)
    with scratch() as kept, snapshot(reader) as connection:
        moment = moment_of(connection, request)
        _require(moment)
        open_folder(request.folder)
        with _written(request) as files:
            _keep(connection, kept, moment)
            seen = _youths(connection, primary, kept, moment, files, done)
            for part in OF_REGISTER:
                _add_all(files[part.NAME], part.rows(connection, request))
            answers = checks.answers(connection, moment, seen)
            contents = [file.finish() for file in files.values()]
            found = manifest.manifest_of(moment, contents, answers, operator())
            manifest.write(request.folder, found)
    return found


def _require(moment: Moment) -> None:
    request, today = moment.request, moment.now.date()
    if request.day > today:
        raise ExtractRefused(f"{request.day} is in the future: today is {today}.")
    if not moment.is_delivered and not request.provisional:
        last = f"the last one is {moment.month:%Y-%m}" if moment.month else "none before it is either"
        raise ExtractRefused(f"eIndkomst of {request.day:%Y-%m} is not delivered; {last}. To use that: --provisional")
    kommuner = {one.kommunekode for one in moment.institutions.values() if one.type3 == KOMMUNE_TYPE}
    if request.kommune is not None and request.kommune not in kommuner:
        raise UnknownName(f"There is no kommune {request.kommune} among the institutions.")


@contextmanager
def _written(request: Request) -> Iterator[dict[str, File]]:
    """Yield the files by name. Whatever ends the run before the manifest is there removes them."""
    files: dict[str, File] = {}
    try:
        for part in (*OF_YOUTHS, *OF_REGISTER):
            files[part.NAME] = File(request.folder, part.NAME, part.COLUMNS, packed=request.packed)
        if request.with_cpr:
            files[KEY_FILE] = File(request.folder, KEY_FILE, ("id", "cprnr"), packed=False, described=False)
        yield files
    except BaseException as error:
        for file in files.values():
            file.discard()
        manifest.discard(request.folder)
        if isinstance(error, OSError | sqlite3.Error):
            why = getattr(error, "strerror", None) or "the folder for temporary files (TMPDIR) is full"
            raise ExtractRefused(f"{request.folder} cannot be written: {why}. What was written is removed.") from error
        raise


def _keep(connection: Connection, kept: Scratch, moment: Moment) -> None:
    """Keep the order of the youths, and the wages of the months that are asked for."""
    pseudonym = moment.request.key.pseudonym
    kept.add_youths((pseudonym(person_id), person_id) for person_id in who.everyone(connection, moment.request))
    months = {*moment.months_of_period, *([moment.month] if moment.month else [])}
    for month in sorted(months):
        query = wages_and_rates(month).execution_options(**who.STREAMED)
        kept.add_wages(month, (tuple(row) for row in connection.execute(query)))


def _youths(
    connection: Connection, primary: Engine, kept: Scratch, moment: Moment, files: Mapping[str, File], done: Done
) -> checks.Seen:
    seen, counted = checks.Seen(), 0
    for batch in kept.batches():
        found = load(connection, kept, batch, moment)
        rows, included = _rows(connection, found, moment)
        if not included:
            continue
        _log(primary, included)
        for name, lines in rows.items():
            files[name].add(lines)
        if KEY_FILE in files:
            files[KEY_FILE].add([(one.id, one.row.cprnr) for one in included])
        seen.add(rows[unge.NAME], rows[forloeb.NAME], rows[haendelser.NAME])
        counted += len(included)
        done(counted)
    return seen


def _rows(
    connection: Connection, batch: Sequence[Found], moment: Moment
) -> tuple[dict[str, list[tuple[Any, ...]]], list[Found]]:
    """Return the rows of a batch by file, and the youths who have any: those of P, and those with a row of another."""
    rows: dict[str, list[tuple[Any, ...]]] = {part.NAME: [] for part in OF_YOUTHS}
    contacts = kontakttid.rows(connection, batch, moment)
    included = []
    for one in batch:
        courses = forloeb.numbered(one.forloeb)
        of_period = {number: course for number, course in courses.items() if forloeb.in_period(course, moment)}
        made = {
            forloeb.NAME: forloeb.rows(one, moment, of_period),
            haendelser.NAME: haendelser.rows(one, moment, of_period),
            beskaeftigelse.NAME: beskaeftigelse.rows(one, moment),
            kontakttid.NAME: contacts.get(one.id, []),
        }
        own = unge.row(one, moment)
        if any(made.values()) or own[unge.COLUMNS.index("i_P")]:
            included.append(one)
            made[opmaerkninger.NAME] = opmaerkninger.rows(one, moment, courses)
            rows[unge.NAME].append(own)
            for name, lines in made.items():
                rows[name] += lines
    return rows, included


def _log(primary: Engine, included: Sequence[Found]) -> None:
    """Commit the row of the read log that names the youths of a batch."""
    call = Call(
        correlation_id=str(uuid4()),
        system_id=operator(),
        service=COMMAND_LINE,
        operation=OPERATION,
        institution_nummer="",
        transaction_id="",
        formaal=Formaal.STATISTIK,
    )
    numbers = [event.nummer for one in included for event in one.counted]
    with writing(primary) as connection:
        log_read(
            connection,
            call,
            [one.row.id for one in included],
            clause=OPERATOR,
            first=min(numbers, default=None),
            last=max(numbers, default=None),
        )


def _add_all(file: File, rows: Iterator[tuple[Any, ...]]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        file.add(some)
