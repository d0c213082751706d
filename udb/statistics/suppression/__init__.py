"""Suppression: which counts of youths are hidden from those who may not see these youths one by one (portal 3.0.6).

A count of 1 to 4 is hidden (``UDB_DISKRETION`` is the limit, 5), and as many others as it takes so that no hidden count
can be computed: by an outsider, or by someone of a kommune who knows that kommune's own counts. ``suppress`` returns
the sign of every count of a table with its margins. How it is decided: docs/spec/ledelse.md.
"""

from udb.statistics.suppression.choose import suppress, too_small
from udb.statistics.suppression.table import Cell, Dimension, Skjult, Table

__all__ = ["Cell", "Dimension", "Skjult", "Table", "suppress", "too_small"]
