"""The code sets as HTML, in the dress of the rule book."""

from collections.abc import Sequence

from udb.rulebook.set_words import WORDS, title_of
from udb.rulebook.sets import SetPage
from udb.rulebook.sets_used import used_by
from udb.web.rulebook_html import other_page


def index_page(language: str, pages: Sequence[SetPage]) -> str:
    """Return the page of all sets."""
    return _page("codeset_index.html", language, WORDS[language]["title"], pages=pages)


def set_page(language: str, found: SetPage) -> str:
    """Return the page of one set."""
    title = title_of(found.saet, language)
    return _page("codeset.html", language, title, found.saet, found=found, used=used_by(found.saet))


def message_page(language: str, title: str, text: str) -> str:
    """Return a page with a message, for example that a set does not exist."""
    return _page("rulebook_message.html", language, title, text=text)


def _page(template: str, language: str, title: str, saet: str = "", **values: object) -> str:
    return other_page(template, language, title, saet, set_words=WORDS[language], **values)
