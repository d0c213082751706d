"""When a youth's own mail and telephone became what they are; what is there already was at the latest now."""

import sqlalchemy as sa
from alembic import op

from udb.domain.clock import system_time

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "when mail or telefon, the youth's own, became what they are"
    op.add_column("person", sa.Column("kontakt_registreret", sa.DateTime(), comment=comment))
    person = sa.table(
        "person", sa.column("mail"), sa.column("telefon"), sa.column("kontakt_registreret", sa.DateTime())
    )
    has_one = sa.or_(person.c.mail.is_not(None), person.c.telefon.is_not(None))
    now = system_time().replace(tzinfo=None)
    op.execute(sa.update(person).where(has_one).values(kontakt_registreret=now))


def downgrade() -> None:
    op.drop_column("person", "kontakt_registreret")
