"""The words of the youth's own overview: easy to read, and no code without its words."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from udb.domain import services
from udb.domain.formaal import Formaal
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET, UDDANNELSE, Haendelse
from udb.domain.kodesaet import (
    AFBRUDSAARSAGER,
    AKTIVITETSGRUPPER,
    COSA,
    FORBEREDENDE,
    KOMMUNE_AKTIVITETER,
    STADS,
)
from udb.imports.kodesaet import load_shipped
from udb.paths import PACKAGE
from udb.portal.own import history, people, words
from udb.readlog.grouped import Kind, by_month
from udb.readlog.lookup import Reading
from udb.store.codes import load_codes
from udb.store.engine import writing

EASY: Final = 35
"""The highest LIX of a text, and of a sentence long enough to have one."""
LONG_ENOUGH: Final = 5
TEMPLATES: Final = sorted((PACKAGE / "portal" / "templates" / "own").glob("*.html"))


def sentences(template: str) -> Iterator[str]:
    """Yield the fixed sentences of a template; a value is one short word."""
    bare = re.sub(r"{%.*?%}|{#.*?#}", " ", template, flags=re.DOTALL)
    bare = re.sub(r"</?(?:strong|span|a|br)\b[^>]*>", " ", re.sub(r"{{.*?}}", "det", bare, flags=re.DOTALL))
    for part in re.split(r"<[^>]+>|(?<=[.?!:])\s", bare):
        if re.search(r"\w", part):
            yield part.strip()


def lix(said: Sequence[str]) -> float:
    """Return the readability of sentences: words a sentence, and the percentage of words of more than six letters."""
    found = [word for one in said for word in re.findall(r"\w+", one)]
    return len(found) / len(said) + 100 * sum(len(word) > 6 for word in found) / len(found)


def test_lix_is_counted_as_bjoernsson_counts_it():
    assert lix(["Det er en kort sætning.", "Ungedatabasen registrerer noget."]) == 8 / 2 + 100 * 3 / 8


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_the_fixed_text_is_easy(template):
    said = list(sentences(template.read_text(encoding="utf-8")))
    assert lix(said) <= EASY
    assert [one for one in said if len(one.split()) >= LONG_ENOUGH and lix([one]) > EASY] == []


def test_the_sentences_of_the_code_are_easy():
    said = [people.NO_SCHOOL, people.NO_ORDER, people.NO_JOB_CENTRE, people.NO_OWN, people.OLD_OWN]
    assert lix([part for one in said for part in sentences(one)]) <= EASY


def test_every_operation_purpose_and_status_has_words():
    operations = {name for service in services.SERVICES.values() for name in service.operations}
    assert operations - {"HentHaendelser"} <= words.DONE.keys()
    assert set(Formaal) == words.LOOKED_FOR.keys()
    assert set(history.STATUS) == words.JOB.keys()


def event(**values: Any) -> Haendelse:
    given = {"nummer": "1", "plads": "1", "art": UDDANNELSE, "cprnr": "", "service": "", "institution_nummer": "1"}
    now = {"haendelse_dato": date(2026, 8, 10), "registreringstid": datetime(2026, 8, 10, tzinfo=UTC)}
    return Haendelse(**{**given, **now, "hovedinstitution": "1", "kilde_leverandoer": "", **values})


def test_every_code_of_the_sets_has_words(engine):
    with writing(engine) as connection:
        load_shipped(connection)
        codes = load_codes(connection)
    for kodesaet in (COSA, STADS, FORBEREDENDE, KOMMUNE_AKTIVITETER, AKTIVITETSGRUPPER):
        for kode in codes.codes(kodesaet):
            for status in (OPTAGET, AFBRUDT, GENNEMFOERT):
                said = words.happened(event(kodesaet=kodesaet, kode=kode, kode_version=1, status=status), codes)
                assert "kode" not in said.replace(kode, ""), said
                assert said.endswith(".")
    for kode in codes.codes(AFBRUDSAARSAGER):
        assert not words.reason(event(afbrudsarsags_kode=kode), codes).startswith("kode")
    assert "(kode 9999)" in words.happened(event(kodesaet=COSA, kode="9999", kode_version=1, status=1), codes)


def reading(number: int, day: int, **values: Any) -> Reading:
    given: dict[str, Any] = dict.fromkeys(Reading._fields)
    when = datetime(2026, 9, day, 6, tzinfo=UTC)
    given |= {"id": number, "tid": when, "institution_nummer": "851", "system_id": "uno", "correlation_id": "x"}
    return Reading(**{**given, "operation": "HentHaendelser", "klausul": "A1", **values})


def test_four_pages_of_september_are_one_line_and_a_refusal_is_another():
    # The worked case of the specification.
    rows = [reading(number, day) for number, day in enumerate((3, 9, 17, 30))]
    rows.append(reading(9, 30, klausul=None, institution_nummer="101"))
    groups = by_month(rows, {9})
    assert [(group.what.kind, group.count, group.what.institution_nummer) for group in groups] == [
        (Kind.RECEIVED, 4, "851"),
        (Kind.REFUSED, 1, "101"),
    ]
    assert (groups[0].what.year, groups[0].what.month, groups[1].what.alone) == (2026, 9, True)
