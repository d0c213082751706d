"""The set-based run and the plain calculation, compared: every change is made to both."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from fractions import Fraction
from random import Random
from typing import Any

from sqlalchemy import Engine, insert, select, update

from tests.beskaeftigelse import draw
from tests.beskaeftigelse.plain import IKKE, Key, Plain, Report, Sent, Youth, in_the_look_up, last_day
from tests.support.stage import empty
from tests.support.world import World
from udb.beskaeftigelse.lookup import months_of
from udb.domain.cpr import birthdays
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE, UDDANNELSE
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER
from udb.domain.services import FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.imports.eindkomst import import_eindkomst
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.numbers import draw as draw_numbers
from udb.store.tables import cprnummer, haendelse, person
from udb.store.tables.indkomst import WAITING, indkomst, indkomstmaaned, indkomstserie
from udb.store.visible import refresh

HEADER = "cprnr;maaned;indberetter;indtaegtsart;beloeb\n"
CODES = {
    "3010": (COSA, UNGDOMSUDDANNELSE),
    "3000": (COSA, UNGDOMSUDDANNELSE),
    "9020": (FORBEREDENDE, FORBEREDENDE_AKTIVITET),
    "9010": (FORBEREDENDE, FORBEREDENDE_AKTIVITET),
    "K01": (KOMMUNE_AKTIVITETER, KOMMUNE_AKTIVITET),
    "K06": (KOMMUNE_AKTIVITETER, KOMMUNE_AKTIVITET),
}
"""The code set and the service of the codes that are no ElevTrin."""
LATER_NUMBERS = 1000
"""The serial after those of the numbers that youths have from the beginning."""


def file_of(lines: Mapping[Key, Fraction], month: str = "") -> io.BytesIO:
    """Return a file; a month without lines has one of a stranger, as an empty file is refused."""
    if month and not lines:
        lines = {("6101049999", month, "1", "00"): Fraction(1)}
    rows = "".join(f"{';'.join(key)};{kroner(amount)}\n" for key, amount in lines.items())
    return io.BytesIO((HEADER + rows).encode())


def kroner(amount: Fraction) -> str:
    oere = int(amount * 100)
    return f"{'-' if oere < 0 else ''}{abs(oere) // 100}.{abs(oere) % 100:02}"


class MonthStage:
    """One database for many examples; ``begin`` empties it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = World(engine)
        self.world.build(now="2020-06-01T08:00:00")
        with reading(engine) as connection:
            self.codes = load_codes(connection)
        assert all(self.codes.on(saet, code, date(2020, 1, 1)) for code, (saet, _) in CODES.items())

    def begin(self, youths: Iterable[Youth]) -> None:
        self.plain = Plain(youths)
        self.current: dict[str, dict[Key, Fraction]] = {}
        self.ids = list(range(1, len(self.plain.youths) + 1))
        self.serial = LATER_NUMBERS
        empty(self.engine, indkomst, *WAITING, indkomstmaaned, indkomstserie)
        with writing(self.engine) as connection:
            people: list[dict[str, Any]] = []
            numbers: list[dict[str, Any]] = []
            for one, youth in zip(self.ids, self.plain.youths, strict=True):
                days = asdict(birthdays(youth.born))
                people.append(
                    {"id": one, "cprnr": youth.numbers[0], "status": youth.cpr_status, "kommunekode": "101", **days}
                )
                numbers.extend({"cprnr": number, "person_id": one} for number in youth.numbers)
            connection.execute(insert(person), people)
            connection.execute(insert(cprnummer), numbers)
        for index, youth in enumerate(self.plain.youths):
            self._store(index, youth.reports)

    def _store(self, index: int, reports: Iterable[Report]) -> None:
        reports = list(reports)
        if not reports:
            return
        with writing(self.engine) as connection:
            now = state.now(connection)
            for report in reports:
                code, school = report.key.split("/")
                nummer = event_number(draw_numbers(connection, now)[0])
                saet, service = CODES.get(code, (ELEVTRIN, FORBEREDENDE_AKTIVITET))
                connection.execute(
                    insert(haendelse).values(
                        nummer=nummer,
                        plads=nummer,
                        art=UDDANNELSE,
                        person_id=self.ids[index],
                        cprnr=self.plain.youths[index].numbers[0],
                        service=service,
                        institution_nummer=school,
                        haendelse_dato=report.day,
                        registreringstid=datetime(2020, 1, 1, tzinfo=UTC),
                        status=report.status,
                        kilde_leverandoer="Test",
                        kodesaet=saet,
                        kode=code,
                        kode_version=1 if saet == COSA else None,
                        afbrudsarsags_kode="1" if report.ej_moedt else None,
                        frafaldstruet_markering=report.risk or None,
                        gentaget=False,
                        annullering=False,
                        annulleret=report.cancelled,
                    )
                )
            refresh(connection, [self.ids[index]], self.codes)

    def step(self, rng: Random) -> None:
        """Make one change: mostly the next month, else a late or repeated one, corrections, a move, a school, another
        number.
        """
        missing = [month for month in draw.MONTHS if month not in self.plain.delivered]
        what = rng.choice(
            ("next", "next", "next", "late", "again", "corrections", "corrections", "register", "school", "number")
        )
        if what == "next" and missing:
            self.whole(missing[0] if rng.random() < 0.8 else rng.choice(missing), rng)
        elif what == "late" and missing:
            self.whole(rng.choice(missing), rng)
        elif what == "again" and self.plain.delivered:
            self.whole(rng.choice(sorted(self.plain.delivered)), rng)
        elif what == "corrections" and self.plain.delivered:
            self.corrections(rng)
        elif what in {"register", "school", "number"}:
            for index in rng.sample(range(len(self.ids)), k=len(self.ids) // 5):
                self._change(index, what, rng)

    def _change(self, index: int, what: str, rng: Random) -> None:
        if what == "register":
            self.set_status(index, rng.choice(draw.OTHERS))
        elif what == "school":
            report = draw.report(rng)
            self.plain.youths[index].reports.append(report)
            self._store(index, [report])
        else:
            self.give_number(index)

    def set_status(self, index: int, status: str) -> None:
        self.plain.youths[index].cpr_status = status
        with writing(self.engine) as connection:
            connection.execute(update(person).where(person.c.id == self.ids[index]).values(status=status))

    def give_number(self, index: int) -> None:
        """Give a youth a new number; what is known under the earlier ones stays."""
        youth = self.plain.youths[index]
        self.serial += 1
        new = draw.number(youth.born, self.serial)
        youth.numbers.append(new)
        with writing(self.engine) as connection:
            connection.execute(insert(cprnummer).values(cprnr=new, person_id=self.ids[index]))
            connection.execute(update(person).where(person.c.id == self.ids[index]).values(cprnr=new))

    def whole(self, month: str, rng: Random) -> None:
        before = self.current.get(month) or self._the_month_before(month)
        lines: dict[Key, Fraction] = {}
        for one in self.plain.youths:
            if before is not None and rng.random() < 0.8:
                lines |= {(key[0], month, *key[2:]): amount for key, amount in before.items() if key[0] in one.numbers}
            else:
                lines |= draw.lines_of(rng, one, month)
        self.current[month] = lines
        self.deliver(month, lines)

    def _the_month_before(self, month: str) -> dict[Key, Fraction] | None:
        return next((self.current[one] for one in reversed(draw.MONTHS) if one < month and one in self.current), None)

    def deliver(self, month: str, lines: Mapping[Key, Fraction]) -> None:
        self.plain.whole(month, lines)
        import_eindkomst(self.engine, file_of(lines, month), maaned=month)

    def corrections(self, rng: Random) -> None:
        lines: dict[Key, Fraction] = {}
        for one in self.plain.youths:
            if rng.random() < 0.3:
                for month in rng.sample(sorted(self.plain.delivered), k=rng.randint(1, len(self.plain.delivered))):
                    lines |= draw.lines_of(rng, one, month)
        self.correct(lines)

    def correct(self, lines: Mapping[Key, Fraction]) -> None:
        for key, amount in lines.items():
            self.current[key[1]][key] = amount
        self.plain.corrections(lines)
        if not lines:
            return
        import_eindkomst(self.engine, file_of(lines), maaned=None)

    def compare(self) -> None:
        """Compare every event, which of them the look-up shows, and what is stored of every month."""
        found = self._events()
        for index, one in enumerate(self.ids):
            statuses, benefits = self.plain.statuses[index], self.plain.benefits[index]
            assert [sent for sent, _ in found.get((one, BESKAEFTIGELSE), [])] == statuses, self.story(index)
            assert [sent for sent, _ in found.get((one, SOCIAL_YDELSE), [])] == benefits, self.story(index)
            shown = [sorted((s for s, gone in found.get((one, art), []) if not gone), key=_day) for art in _ARTS]
            assert shown[0] == in_the_look_up(statuses, IKKE), self.story(index)
            assert shown[1] == in_the_look_up(benefits, nothing=False), self.story(index)
        self._compare_months()

    def _events(self) -> dict[tuple[int, str], list[tuple[Sent, bool]]]:
        query = select(
            haendelse.c.person_id,
            haendelse.c.art,
            haendelse.c.haendelse_dato,
            haendelse.c.status_beskaeftigelse,
            haendelse.c.modtager_social_ydelse,
            haendelse.c.beskaeftigelsesgrad,
            haendelse.c.udgaaet,
        ).where(haendelse.c.art.in_(_ARTS))
        found: dict[tuple[int, str], list[tuple[Sent, bool]]] = {}
        with reading(self.engine) as connection:
            for row in connection.execute(query.order_by(haendelse.c.nummer)):
                value = row.modtager_social_ydelse if row.art == SOCIAL_YDELSE else row.status_beskaeftigelse
                sent = Sent(row.haendelse_dato, value, row.beskaeftigelsesgrad)
                found.setdefault((row.person_id, row.art), []).append((sent, row.udgaaet))
        return found

    def _compare_months(self) -> None:
        days = [last_day(month) for month in draw.MONTHS]
        with reading(self.engine) as connection:
            for table in WAITING:
                assert connection.execute(select(table)).first() is None
            for index, one in list(enumerate(self.ids))[::5]:
                stored = months_of(connection, one, days)
                degrees = [self.plain.members.get((index, month)) for month in draw.MONTHS]
                assert [month.leveret is not None for month in stored] == [
                    month in self.plain.delivered for month in draw.MONTHS
                ]
                assert [month.in_population for month in stored] == [degree is not None for degree in degrees], (
                    self.story(index)
                )
                assert [month.twenty_hours for month in stored] == [
                    degree is not None and degree >= 54 for degree in degrees
                ]

    def story(self, index: int) -> str:
        """Return all that is known of one youth."""
        one = self.plain.youths[index]
        mine = {key: kroner(amount) for key, amount in self.plain.lines.items() if key[0] in one.numbers}
        return (
            f"{one}\n{mine}\n{sorted(self.plain.delivered)}\n{self.plain.statuses[index]}\n{self.plain.benefits[index]}"
        )


_ARTS = (BESKAEFTIGELSE, SOCIAL_YDELSE)


def _day(sent: Sent) -> date:
    return sent.day
