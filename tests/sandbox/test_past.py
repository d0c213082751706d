"""A sandbox with a past: the plants, counted by SQL of their own."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.support.seeded import judge, make
from udb.store.engine import reading
from udb.store.tables import haendelse_raad, person
