"""The rules' cases give the same codes over the forms as over SOAP; those that no form can express are listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final
from wsgiref.types import WSGIApplication

import pytest
import yaml

from tests.rules.cases import CASES, Case, Play, played
from tests.support.database import Source
from tests.support.endpoint import Endpoint
from tests.support.form_driver import FormDriver, InexpressibleError
from tests.support.portal import ADDRESS
from tests.support.world import World
from udb.context import Context
from udb.domain.persons import Institution
from udb.portal import app
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.wsdl.use_cases import application

LIST: Final = Path(__file__).with_name("cases_without_form.yml")
WITHOUT: Final = frozenset(yaml.safe_load(LIST.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Register:
    """A register that all cases share, behind the forms and the endpoint."""

    world: World
    site: WSGIApplication
    endpoint: Endpoint
    known: dict[str, Institution]
    serials: Iterator[int]


@pytest.fixture(scope="module")
def register(databases: Source) -> Iterator[Register]:
    with databases.migrated() as url:
        engine = make_engine(url)
        world = World(engine)
        world.build()
        context = Context(engine, Settings(sandbox=True, portal_adresse=ADDRESS))
        site = app.application(context, ADDRESS)
        yield Register(world, site, Endpoint(application(context, {})), {}, count(1))
        engine.dispose()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_over_the_form(case: Case, register: Register) -> None:
    driver = FormDriver(register.site, register.world, register.endpoint, register.known)
    try:
        played(Play(driver, register.serials), case)
        expressed = driver.sent > 0
    except InexpressibleError:
        expressed = False
    assert expressed == (str(case) not in WITHOUT), "the list of cases without a form is another"


def test_the_list_names_cases_alone() -> None:
    assert {str(case) for case in CASES} >= WITHOUT
