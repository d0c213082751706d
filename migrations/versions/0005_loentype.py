"""Say of each kind of income whether it is wage, a social benefit or neither: the column ``loentype``, instead of one
column for benefits and one code for wage.

The codes of a database stay as they are, so that the lines stored under them count as before.
"""

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0005_loentype"
down_revision = "0004_efterskoler"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False

CODES: Final = sa.table(
    "kodesaet",
    *(sa.column(name, sa.Text()) for name in ("saet", "kode", "variant", "opfundet")),
    sa.column("gyldig_fra", sa.Date()),
    sa.column("egenskaber", sa.JSON()),
)
KEY: Final = ("saet", "kode", "variant", "gyldig_fra")
OLD_WAGE: Final = "LOEN"


def upgrade() -> None:
    _rewrite("social_ydelse", "loentype", _loentype)


def downgrade() -> None:
    _rewrite("loentype", "social_ydelse", lambda row: {"social_ydelse": str(int(_is_benefit(row)))})


def _loentype(row: Any) -> dict[str, str]:
    if row["kode"] == OLD_WAGE:
        return {"loentype": "loen"}
    return {"loentype": "social_ydelse" if row["egenskaber"]["social_ydelse"] == "1" else ""}


def _is_benefit(row: Any) -> bool:
    return bool(row["egenskaber"]["loentype"] == "social_ydelse")


def _rewrite(old: str, new: str, properties: Callable[[Any], dict[str, str]]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(CODES).where(CODES.c.saet == "indtaegtsarter")).mappings().all()
    for row in rows:
        names = " ".join(new if name == old else name for name in row["opfundet"].split())
        same = sa.and_(*(CODES.c[name] == row[name] for name in KEY))
        connection.execute(sa.update(CODES).where(same).values(opfundet=names, egenskaber=properties(row)))
