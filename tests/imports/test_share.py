from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from udb.imports.share import NO_SHARE, Share, percent_of


@given(st.integers(0, 100), st.integers(1, 5_000_000), st.data())
def test_a_share_is_exceeded_by_one_more_and_the_percent_shows_it(percent, of, data):
    gone = data.draw(st.integers(0, of))
    share = Share(percent)
    assert share.contains(gone, of) == (Fraction(gone, of) <= Fraction(percent, 100))
    shown = Fraction(percent_of(gone, of).en.removesuffix(" %"))
    assert 0 <= shown - Fraction(gone * 100, of) < Fraction(1, 10)
    assert share.contains(gone, of) == (shown <= percent)
    assert percent_of(gone, of).da == percent_of(gone, of).en.replace(".", ",")


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_what_was_said_is_the_most_that_may_go(gone, said):
    assert Share(10, said).is_said(gone) == (gone <= said)
    assert not Share(10).is_said(gone)


@given(st.integers(0, 1000))
def test_nothing_of_nothing_and_all_of_all(of):
    assert Share(0).contains(0, of)
    assert NO_SHARE.contains(of, of)
    assert not NO_SHARE.is_on
