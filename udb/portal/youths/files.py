"""The content of a youth's page as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final

from werkzeug.wrappers import Response

from udb.portal.youths.shown import ShownYouth

CSV, JSON = "csv", "json"
FORMS: Final = frozenset({CSV, JSON})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def answer(ung: ShownYouth, form: str) -> Response:
    """Return a youth's content as a file, whose name holds nothing of the youth."""
    content = asdict(ung)
    if form == JSON:
        return attachment(json.dumps(content, ensure_ascii=False, indent=1), "application/json", "ung.json")
    rows = ((section, number, name, value) for section, number, name, value in _flat(content))
    return attachment(as_csv(("afsnit", "nr", "felt", "indhold"), rows), "text/csv", "ung.csv")


def as_csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return rows as CSV that a Danish spreadsheet reads, and in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(list(head))
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def attachment(text: str, media_type: str, name: str) -> Response:
    """Return a text as a file to be kept."""
    body = ("\ufeff" if media_type == "text/csv" else "") + text
    found = Response(body.encode(), content_type=f"{media_type}; charset=utf-8")
    found.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not text.lstrip("-").isdigit() else text


def _flat(content: dict[str, Any], section: str = "ung", number: int = 1) -> Iterator[tuple[str, int, str, Any]]:
    for name, value in content.items():
        if not isinstance(value, (list, tuple)):
            yield section, number, name, value
            continue
        for place, one in enumerate(value, 1):
            if isinstance(one, dict):
                yield from _flat(one, name if section == "ung" else f"{section} {number} {name}", place)
            else:
                yield name, place, name, one
