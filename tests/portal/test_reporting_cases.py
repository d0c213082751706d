"""The rules' cases give the same codes over the forms as over SOAP; those that no form can express are listed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from wsgiref.types import WSGIApplication

import pytest
import yaml

from tests.rules.cases import CASES, Case, Play, played
from tests.rules.through_endpoint import Register, shared_register
from tests.support.database import Source
from tests.support.form_driver import FormDriver, InexpressibleError
from tests.support.portal import ADDRESS
from udb.portal import app

LIST: Final = Path(__file__).with_name("cases_without_form.yml")
WITHOUT: Final = frozenset(yaml.safe_load(LIST.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def register(databases: Source) -> Iterator[Register]:
    with shared_register(databases) as found:
        yield found


@pytest.fixture(scope="module")
def forms(register: Register) -> WSGIApplication:
    return app.application(register.context, ADDRESS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_over_the_form(case: Case, register: Register, forms: WSGIApplication) -> None:
    driver = FormDriver(forms, register.world, register.endpoint, register.known)
    try:
        played(Play(driver, register.serials), case)
        expressed = driver.sent > 0
    except InexpressibleError:
        expressed = False
    assert expressed == (str(case) not in WITHOUT), "the list of cases without a form is another"


def test_the_list_names_cases_alone() -> None:
    assert {str(case) for case in CASES} >= WITHOUT
