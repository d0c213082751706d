"""The workbook as the page a vendor is given."""

from collections.abc import Sequence
from html import escape

from udb.conformance.report.html import STYLE
from udb.conformance.sender.workbook import Assignment, day


def page(assignments: Sequence[Assignment], address: str) -> str:
    """The workbook as one page for people."""
    parts = "".join(
        f"<article><p><strong>{escape(one.task.name)}</strong> <small>{one.task.id}</small></p>"
        f"<p>{escape(one.text)}</p></article>"
        for one in assignments
    )
    return (
        '<!DOCTYPE html>\n<html lang="da"><head><meta charset="utf-8"><title>Opgaver til en afsender</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>Opgaver til en afsender</h1>"
        f"<p>Indberet til <strong>{escape(address)}</strong>. I sandkassen er det den {day():%d.%m.%Y}. CPR-numrene er "
        "opfundne, og rækkefølgen af opgaverne er fri. Send ikke andet om disse unge end det, opgaven siger.</p>"
        f"{parts}</main></body></html>\n"
    )
