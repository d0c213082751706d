"""The guide for those who fetch: its XML is what the service takes and answers today."""

from tests.hentning.guide import PAGE, examples, page, shown
from tests.support.world import World
from udb.context import Context


def test_the_guides_examples_are_real_calls_and_all_of_them(world: World, context: Context) -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = examples(world, context)
    assert sorted(shown(text)) == sorted(found)
    assert text.count("```xml") == len(found)
    assert page(text, found) == text, "run: make docs"
