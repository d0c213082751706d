"""The service as one process has it. Importing this imports all of it."""

from wsgiref.types import WSGIApplication

from udb.front import application
from udb.house import House
from udb.log.metrics import timed
from udb.pages import pages
from udb.settings import Settings
from udb.store.engine import make_engine


def build(settings: Settings) -> WSGIApplication:
    """The whole service, with connections of its own."""
    house = House(make_engine(settings.url, ventetid=settings.ventetid), settings)
    return timed(application(house, pages(house)))
