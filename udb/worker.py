"""The service as one process has it. Importing this imports all of it."""

from wsgiref.types import WSGIApplication

from udb.adgang.rate import Gate
from udb.front import application
from udb.house import House
from udb.log.metrics import timed
from udb.pages import pages
from udb.settings import Settings
from udb.store.engine import make_engine


def build(settings: Settings, gate: Gate | None = None) -> WSGIApplication:
    """The whole service, with connections of its own; ``gate``: what counts the calls of all workers."""
    house = House(make_engine(settings.url, ventetid=settings.ventetid), settings, gate=gate)
    return timed(application(house, pages(house)))
