"""The signs of a status day's figures: what counts the same youths is hidden together."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tests.support.attacker import exposed, kommuner
from tests.support.grouped import grouped
from tests.support.invented_figures import figures_of, invent
from tests.support.size import size
from udb.statistics.hiding import laid_out, with_signs
from udb.statistics.suppression import Skjult

LIMIT = 5


def by_key(figures):
    return {(one.kommunekode, one.gruppe, one.maal, one.alder, one.koen): one for one in figures}


@pytest.fixture(scope="module")
def found():
    return figures_of(invent(Random(12), 12, 700))


@pytest.fixture(scope="module")
def signed(found):
    return with_signs(found, LIMIT)


def test_counts_are_kept_and_small_ones_hidden(found, signed):
    assert signed.keys() == found.keys()
    for name, figures in signed.items():
        after = by_key(figures)
        assert len(after) == len(figures)
        before = by_key(found[name])
        assert {key: one.antal for key, one in after.items() if key in before} == {
            k: o.antal for k, o in before.items()
        }
        # What a run leaves out is 0; it is there when it is hidden.
        added = [one for key, one in after.items() if key not in before]
        assert {(one.antal, one.skjult) for one in added} <= {(0, Skjult.SEKUNDAER)}
        small = [one for one in figures if 0 < one.antal < LIMIT]
        assert {one.skjult for one in small} <= {Skjult.PRIMAER}
        assert all(one.skjult is not Skjult.PRIMAER for one in figures if not 0 < one.antal < LIMIT)
    signs = Counter(one.skjult for figures in signed.values() for one in figures)
    assert min(signs.values()) > 100


def test_the_same_youths_have_one_sign(signed):
    """The population of a status day, and the target group below 25, stand in several figures."""
    kui, restgruppe, bredere, coverage = (by_key(signed[name]) for name in ("kui", "restgruppe", "bredere", "daekning"))
    population = {key: one.skjult for key, one in kui.items() if key[2] == "P"}
    assert Skjult.SEKUNDAER in population.values()
    for other in (restgruppe, coverage):
        assert {key: one.skjult for key, one in other.items() if key[2] == "P"} == population
    young = {key: one.skjult for key, one in kui.items() if key[3] is not None}
    assert {key: bredere[key].skjult for key in young} == young
    # Those without activity are those of whom the contacted are counted.
    reached = by_key(signed["kontaktede"])
    without = {key: one for key, one in kui.items() if key[2] == "uden"}
    assert {one.skjult for one in without.values()} == set(Skjult)
    for (kommune, _, _, age, sex), one in without.items():
        assert reached[kommune, None, "P", age, sex].antal == one.antal
        assert reached[kommune, None, "P", age, sex].skjult is one.skjult
    # Of all ages the two are different youths.
    assert kui[None, None, "P", None, None].antal < bredere[None, None, "P", None, None].antal


@pytest.mark.large
def test_no_attacker_computes_a_hidden_figure(found):
    (one,) = laid_out(found)
    signs = {
        (figure.kommunekode or "", *one.places[name, None, figure.maal, figure.alder, figure.koen]): figure.skjult
        for name, figures in with_signs(found, LIMIT).items()
        for figure in figures
        if figure.skjult is not Skjult.INGEN
    }
    attackers = kommuner(one.table, signs)
    for who in Random(1).sample(attackers, size(small=1, large=len(attackers))):
        assert exposed(one.table, signs, LIMIT, knows=who) == set()


def test_a_cohort_that_is_counted_twice_has_one_sign():
    """What is alike at once and in the end is one count; who was on a pause is what the two differ by."""
    measures = {
        "kohorte": 60, "hurtig_fuldfoert": 2, "hurtig_i_gang": 40, "hurtig_skiftet": 8, "hurtig_afbrudt": 10,
        "endelig_fuldfoert": 2, "endelig_i_gang": 43, "endelig_skiftet": 8, "endelig_afbrudt": 7, "ej_moedt": 3,
    }  # fmt: skip
    larger = {maal: 100 * count for maal, count in measures.items()}
    counts = {
        (kommune, "eud 2024", maal): count
        for kommune, some in (("101", measures), ("147", larger), ("851", larger))
        for maal, count in some.items()
    }
    everything = {(kommune, None, "i_alt"): 63 for kommune in ("101", "147", "851")}
    signed = by_key(with_signs({"frafald": grouped(counts | everything)}, LIMIT)["frafald"])

    def of(kommune, maal):
        return signed[kommune, "eud 2024", maal, None, None].skjult

    assert of("101", "hurtig_fuldfoert") is of("101", "endelig_fuldfoert") is of("101", "ej_moedt") is Skjult.PRIMAER
    # 3 of 10 were on a pause: one of the two counts is hidden, and not the cohort.
    assert Skjult.INGEN not in {of("101", "hurtig_afbrudt"), of("101", "endelig_afbrudt")} or (
        {of("101", "hurtig_afbrudt"), of("101", "endelig_afbrudt")} == {Skjult.INGEN, Skjult.SEKUNDAER}
    )
    assert of("101", "kohorte") is Skjult.INGEN
    assert signed["851", None, "i_alt", None, None].skjult is Skjult.SEKUNDAER


LEFT = {
    "aarsag_9": 6, "aarsag_904": 3, "aarsag_902": 1, "aarsag_905": 0, "tid_030": 0, "tid_090": 2, "tid_182": 8,
}  # fmt: skip


def with_left(counts, *, of_ten):
    """Return a cohort of 60 of whom 10 have dropped out; ``of_ten``: how they left."""
    measures = {
        "kohorte": 60, "hurtig_fuldfoert": 5, "hurtig_i_gang": 35, "hurtig_skiftet": 10, "hurtig_afbrudt": 10,
        "endelig_fuldfoert": 5, "endelig_i_gang": 35, "endelig_skiftet": 10, "endelig_afbrudt": 10,
    }  # fmt: skip
    return {(kommune, "eud 2024", maal): times * count
            for kommune, times in counts.items() for maal, count in (measures | of_ten).items()}  # fmt: skip


def test_a_cause_is_not_what_the_others_leave():
    """All but two causes are large, and the afbrudt are shown: alone, each small one would follow from the rest."""
    counts = with_left({"101": 1, "147": 6, "751": 7, "851": 8}, of_ten=LEFT)
    figures = {"frafald": grouped(counts)}
    signed = by_key(with_signs(figures, LIMIT)["frafald"])

    def shown(kommune):
        return {key[2] for key, one in signed.items() if key[0] == kommune and one.skjult is Skjult.INGEN}

    assert signed["101", "eud 2024", "aarsag_904", None, None].skjult is Skjult.PRIMAER
    assert signed["101", "eud 2024", "aarsag_902", None, None].skjult is Skjult.PRIMAER
    assert signed["101", "eud 2024", "tid_090", None, None].skjult is Skjult.PRIMAER
    # The time of the others would tell of the two of 31 to 90 days, and with them of all that left.
    assert not {"hurtig_afbrudt", "tid_182"} <= shown("101")
    table = next(one.table for one in laid_out(figures) if len(one.places) > 2)
    signs = signs_of(figures, signed)
    for who in kommuner(table, signs):
        assert exposed(table, signs, LIMIT, knows=who) == set()
    small = {cell: sign for cell, sign in signs.items() if sign is Skjult.PRIMAER}
    assert exposed(table, small, LIMIT), "the attacker finds what the third step hides"


def signs_of(figures, signed):
    """Return the signs of a cohort's table by its cells."""
    one = next(one for one in laid_out(figures) if len(one.places) > 2)
    return {
        (figure.kommunekode or "", *one.places["frafald", *key[1:]]): figure.skjult
        for key, figure in signed.items()
        if figure.skjult is not Skjult.INGEN and ("frafald", *key[1:]) in one.places
    }


@pytest.mark.large
def test_no_attacker_computes_how_someone_left():
    """Cohorts of kommuner of different sizes, with few and many causes."""
    hidden = 0
    for number in range(size(small=4, large=60)):
        random = Random(number)
        counts = Counter()
        for kommune in range(random.randint(2, 9)):
            for _ in range(int(400 * random.random() ** 3)):
                for maal in a_start(random, causes=random.choice((1, 2, 6))):
                    counts[f"{101 + kommune}", "eud 2024", maal] += 1
        figures = {"frafald": grouped(counts)}
        table = next((one.table for one in laid_out(figures) if len(one.places) > 2), None)
        if table is None:
            continue
        signs = signs_of(figures, by_key(with_signs(figures, LIMIT)["frafald"]))
        hidden += len(signs)
        for who in kommuner(table, signs):
            assert exposed(table, signs, LIMIT, knows=who) == set(), (number, who)
    assert hidden > 100


def a_start(random, causes):
    """Return what a youth of a cohort counts in."""
    outcome = random.choices(("fuldfoert", "i_gang", "skiftet", "afbrudt", "pause"), (10, 55, 8, 18, 9))[0]
    quick, final = {"pause": ("afbrudt", "i_gang")}.get(outcome, (outcome, outcome))
    left = (f"aarsag_{random.randint(1, causes)}", f"tid_{random.choice(('030', '090', '182', '366'))}")
    return ("kohorte", f"hurtig_{quick}", f"endelig_{final}", *(left if quick == "afbrudt" else ()))


def test_causes_that_do_not_sum_to_those_who_left_are_refused():
    for missing in ("aarsag_902", "tid_182"):
        counts = with_left({"101": 1, "147": 6}, of_ten={key: count for key, count in LEFT.items() if key != missing})
        with pytest.raises(ValueError, match="not the sum"):
            with_signs({"frafald": grouped(counts)}, LIMIT)


def test_the_months_after_an_afbrud_divide_the_same_youths():
    counts = {
        (kommune, f"eud 2024 +{months}", maal): count * times
        for kommune, times in (("101", 1), ("147", 30), ("851", 40))
        for months, some in (("03", {"ingen": 9, "i_job": 1}), ("09", {"ingen": 6, "i_job": 2, "begge": 2}))
        for maal, count in some.items()
    }
    signed = by_key(with_signs({"efter_afbrud": grouped(counts)}, LIMIT)["efter_afbrud"])
    hidden = {(key[1], key[2]) for key, one in signed.items() if key[0] == "101" and one.skjult is not Skjult.INGEN}
    assert {("eud 2024 +03", "i_job"), ("eud 2024 +09", "i_job"), ("eud 2024 +09", "begge")} <= hidden
    # A checkpoint of which all is shown would give the sum, and with it what is hidden of the other.
    for kommune in ("101", "147", "851"):
        of_it = {key[1] for key, one in signed.items() if key[0] == kommune and one.skjult is not Skjult.INGEN}
        assert of_it == {"eud 2024 +03", "eud 2024 +09"}


def test_working_days_are_shown_to_no_one_else():
    counts = {
        (kommune, "2026-03", maal): 500
        for kommune in ("101", "147", "851")
        for maal in ("i_tide", "for_sent", "dage_03")
    }
    signed = by_key(with_signs({"frist": grouped(counts)}, LIMIT)["frist"])
    assert {key[2] for key, one in signed.items() if one.skjult is not Skjult.INGEN} == {"dage_03"}


def test_figures_whose_sums_are_wrong_are_refused(found):
    one = found["kui"][0]
    wrong = [replace(one, antal=one.antal + 1), *found["kui"][1:]]
    with pytest.raises(ValueError, match="not the sum"):
        with_signs({**found, "kui": wrong}, LIMIT)
