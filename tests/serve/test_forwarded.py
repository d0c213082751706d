"""Headers of a proxy: which of them the service believes, and from where."""

from pathlib import Path

import pytest
from lxml import etree

from tests.support import database
from tests.support.service import Service, get, running
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE

PATH = SERVICES[UNGDOMSUDDANNELSE].path
SECURE = {"X-Forwarded-Proto": "https", "X-Forwarded-Protocol": "ssl", "X-Forwarded-Ssl": "on"}


@pytest.fixture
def migrated(tmp_path: Path):
    with database.sqlite(tmp_path) as source, source.migrated() as url:
        yield url


def address(service: Service, headers: dict[str, str]) -> str:
    """Return the address that the WSDL names."""
    answer = get(f"{service.address}{PATH}?wsdl", headers | {"Host": "localhost:8080"})
    assert answer.status == 200, answer.body
    (found,) = set(etree.fromstring(answer.body).xpath("//@location"))
    return str(found)


def test_without_a_proxy_no_such_header_counts_not_even_from_this_host(migrated: str, tmp_path: Path) -> None:
    everyone = {"SCRIPT_NAME": "/x", "FORWARDED_ALLOW_IPS": "*"}
    with running(migrated, tmp_path, UDB_PROXYER="[]", **everyone) as service:
        for header, value in SECURE.items():
            assert address(service, {header: value}) == f"http://localhost:8080{PATH}"
        for header in ("SCRIPT_NAME", "Script_Name", "PATH_INFO"):
            assert address(service, {header: "/services"}) == f"http://localhost:8080{PATH}"
            assert address(service, {header: "/andet"}) == f"http://localhost:8080{PATH}"


def test_of_the_proxy_x_forwarded_proto_counts_alone(migrated: str, tmp_path: Path) -> None:
    with running(migrated, tmp_path, UDB_PROXYER='["127.0.0.0/8"]') as service:
        assert address(service, {}) == f"http://localhost:8080{PATH}"
        assert address(service, {"X-Forwarded-Proto": "https"}) == f"https://localhost:8080{PATH}"
        for header in ("X-Forwarded-Protocol", "X-Forwarded-Ssl"):
            assert address(service, {header: SECURE[header]}) == f"http://localhost:8080{PATH}"
        both = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "off", "SCRIPT_NAME": "/services"}
        assert address(service, both) == f"https://localhost:8080{PATH}"
