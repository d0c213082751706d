"""Databases of other versions than this program's: a changed version, and migrations after the baseline."""

import shutil
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from sqlalchemy import text

from udb.paths import MIGRATIONS
from udb.store import migrate
from udb.store.engine import make_engine, reading, writing

BASELINE: Final = "0001_baseline"
LATER: Final = "0002_later"
_MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
{more}


def upgrade():
    {body}
"""


def make_baseline(url: str, version: str = BASELINE) -> None:
    """Make the tables of the first release in an empty database, under that version's name or another's."""
    with migrate.connect(url) as connection:
        migrate.upgrade_in(connection, BASELINE)
    set_version(url, version)


def set_version(url: str, version: str) -> None:
    """Set the version in a database, whatever its tables are."""
    engine = make_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()


def downgrade(url: str, version: str) -> None:
    """Bring a database of this program's version back to an earlier one, with its tables."""
    with migrate.connect(url) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, version)


def stored_version(url: str) -> str:
    """Return the version in the database, whatever the program's version is."""
    engine = make_engine(url)
    with reading(engine) as connection:
        found: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    return found


def add_migration(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str, more: str = "") -> None:
    """Add a migration to the program, made in ``folder``: its body is a statement, ``more`` is further code."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    written = _MIGRATION.format(revision=LATER, before=migrate.expected_version(), more=more, body=body)
    (copy / "versions" / f"{LATER}.py").write_text(written)
    monkeypatch.setattr(migrate, "MIGRATIONS", copy)
