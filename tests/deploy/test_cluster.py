"""The files of ``deploy/cluster``, as far as they can be read without Patroni, etcd and HAProxy: ``make bench
WHAT=failover`` tries them.
"""

import re
from typing import Any, Final

import pytest
import yaml

from tests.support.endpoint import request
from udb.context import Context
from udb.paths import ROOT
from udb.web.pages import pages
from udb.wsdl.use_cases import application

CLUSTER: Final = ROOT / "deploy" / "cluster"
PATRONI: Final[dict[str, Any]] = yaml.safe_load((CLUSTER / "patroni.yml").read_text())


def test_an_old_leader_has_stopped_before_another_leads_and_commits_are_on_two_nodes() -> None:
    dcs = PATRONI["bootstrap"]["dcs"]
    assert dcs["loop_wait"] + 2 * dcs["retry_timeout"] <= dcs["ttl"]
    assert dcs["synchronous_mode"] is dcs["synchronous_mode_strict"] is True
    assert dcs["postgresql"]["parameters"]["synchronous_commit"] == "on"


@pytest.mark.parametrize("file", ["node.env", "etcd.env"])
def test_an_environment_file_names_each_setting_once(file: str) -> None:
    lines = [line for line in (CLUSTER / file).read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"(PATRONI|ETCD)_[A-Z0-9_]+=\S+", line) for line in lines)
    assert len({line.partition("=")[0] for line in lines}) == len(lines)


def test_the_unit_starts_patroni_4_with_these_files() -> None:
    unit = (CLUSTER / "udb-patroni.service").read_text()
    assert re.search(r"'patroni\[etcd3,psycopg3\]==4\.[0-9.]+'", unit)
    assert "EnvironmentFile=/etc/udb/node.env" in unit
    assert "ExecStart=/opt/patroni/bin/patroni /etc/udb/patroni.yml" in unit


def test_haproxy_asks_for_pages_that_the_service_has(context: Context) -> None:
    asked = re.findall(r"http-check send meth GET uri (\S+)", (CLUSTER / "haproxy.cfg").read_text())
    assert asked == ["/health/ready", "/health/live"]
    app = application(context, pages(context))
    assert [request(app, "GET", path).status for path in asked] == [200, 200]
