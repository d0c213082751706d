"""Suppression: the worked tables, and every state of a table that its rules name (portal 3.0.6)."""

import pytest

from tests.support.attacker import bounds, exposed, kommuner
from tests.support.counted import AGE, GROUPS, STATUS, dimension, table_of
from udb.statistics.suppression import Dimension, Skjult, Table, suppress, too_small

LIMIT = 5
P, S = Skjult.PRIMAER, Skjult.SEKUNDAER
A, B, C, COUNTRY = "A", "B", "C", ""
FULDFOERT, I_UDDANNELSE, REST = STATUS.parts[0]
WORKED = table_of(
    [A, B, C],
    [STATUS],
    {
        (kommune, label): count
        for kommune, counts in ((A, (40, 57, 3)), (B, (50, 46, 4)), (C, (700, 800, 120)))
        for label, count in zip(STATUS.parts[0], counts, strict=True)
    },
)


def test_the_worked_table_of_three_kommuner():
    assert suppress(WORKED, LIMIT) == {
        (A, REST): P,
        (B, REST): P,
        (C, REST): S,
        **{(kommune, FULDFOERT): S for kommune in (A, B, C)},
    }


def test_what_would_not_do_for_the_worked_table():
    small = {(A, REST), (B, REST)}
    assert too_small(WORKED, LIMIT).keys() == small
    assert [bounds(WORKED, small, cell) for cell in sorted(small)] == [(3, 3), (4, 4)]
    one_more = small | {(A, FULDFOERT), (B, I_UDDANNELSE)}
    assert [bounds(WORKED, one_more, cell) for cell in sorted(one_more)] == [(40, 40), (3, 3), (46, 46), (4, 4)]
    same_column = small | {(A, FULDFOERT), (B, FULDFOERT)}
    assert bounds(WORKED, same_column, (A, REST)) == (0, 7)
    assert bounds(WORKED, same_column, (A, FULDFOERT)) == (36, 43)
    assert bounds(WORKED, same_column, (B, REST), knows=A) == (4, 4)
    assert bounds(WORKED, suppress(WORKED, LIMIT), (B, REST), knows=A) == (0, 54)


def signs_of(counts: dict[str, tuple[int, ...]], one: Dimension = STATUS, limit: int = LIMIT) -> dict[str, str]:
    """Return each row's signs as a word: . shown, P, S; first the leaves, then the sums."""
    leaves = {
        (row, label): count for row, some in counts.items() for label, count in zip(one.parts[0], some, strict=True)
    }
    table = table_of(list(counts), [one], leaves)
    signs = suppress(table, limit)
    found = {row: "".join(_letter(signs, (row, label)) for label in one.leaves_of) for row in (*counts, COUNTRY)}
    for knows in kommuner(table, signs):
        assert exposed(table, signs, limit, knows=knows) == set()
    return found


def _letter(signs, cell):
    return signs[cell][0].upper() if cell in signs else "."


LARGE = (700, 800, 120)


@pytest.mark.parametrize(
    ("counts", "signs"),
    [
        # Nothing is small: all is shown, also 0, and exactly the limit.
        ({A: (40, 0, 5), B: LARGE}, {A: "....", B: "....", COUNTRY: "...."}),
        # One small count: three kommuner hide it, and one more of each.
        ({A: (40, 57, 3), B: LARGE, C: LARGE}, {A: "S.P.", B: "S.S.", C: "S.S.", COUNTRY: "...."}),
        # 98 of 100: the two others tell of 2.
        ({A: (98, 1, 1), B: LARGE, C: LARGE}, {A: "SPP.", B: "SSS.", C: "SSS.", COUNTRY: "...."}),
        # No one else to hide among: the country is hidden too.
        ({A: (40, 57, 3)}, {A: "S.P.", COUNTRY: "S.P."}),
    ],
)
def test_the_signs_of_a_table(counts, signs):
    assert signs_of(counts) == signs


def test_the_limit_is_a_setting():
    assert signs_of({A: (40, 57, 3), B: LARGE, C: LARGE}, limit=3)[A] == "...."
    assert signs_of({A: (40, 57, 9), B: LARGE, C: LARGE}, limit=10)[A] == "S.P."


def test_a_sum_of_some_leaves_is_kept_from_being_subtracted():
    signs = signs_of({A: (40, 58, 2), B: LARGE, C: LARGE}, AGE)
    # 2 is neither the rest of all ages nor that of those under 25.
    assert signs[A][2] == "P"
    assert "S" in signs[A][3:]


def test_a_label_that_no_page_shows_is_no_way_round():
    """The whole less the target group is not shown, but everyone can compute it."""
    leaves = {(row, leaf): 50 for row in (A, B, C) for part in GROUPS.parts for leaf in part}
    leaves |= {(A, "udenfor"): 2, (A, "fgu"): 98} | {(A, leaf): 75 for leaf in GROUPS.parts[1]}
    leaves |= {(row, leaf): 75 for row in (B, C) for leaf in GROUPS.parts[1]}
    table = table_of([A, B, C], [GROUPS], leaves)
    assert too_small(table, LIMIT) == {(A, "i_alt"): S}
    signs = suppress(table, LIMIT)
    assert (A, "i_alt") in signs
    assert (A, "udenfor") not in signs
    assert [who for who in (None, B, C) if exposed(table, signs, LIMIT, knows=who)] == []


def test_a_table_whose_sums_are_wrong_is_refused():
    counts = dict(WORKED.counts)
    with pytest.raises(ValueError, match="country"):
        Table([A, B, C], [STATUS], counts | {(COUNTRY, REST): 1})
    with pytest.raises(ValueError, match="not the sum"):
        Table([A, B, C], [STATUS], counts | {(A, ""): 101, (COUNTRY, ""): counts[COUNTRY, ""] + 1})
    two = dimension("K", "M")
    with pytest.raises(ValueError, match="not the sum"):
        Table([A], [two], {(A, "K"): 1, (COUNTRY, "K"): 1})
