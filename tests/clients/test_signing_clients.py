"""Clients generated from the contract that sign their calls, against a running service that demands it."""

from pathlib import Path

import pytest

from tests.clients.callers import Fault, Zeep, call, node
from tests.support import service
from tests.support.certificates import issued, register
from tests.support.endpoint import SOAP_11, SOAP_12
from tests.support.reports import CPRNR, UNGDOM
from tests.support.signing import ZeepSignature
from tests.support.world import KOMMUNE, SYSTEM, World
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.wsdl import faults
from udb.wsdl.signature.reasons import Reason

FETCH = "DataTilKommune"
REQUEST = {"InstitutionNummer": KOMMUNE}


def test_node_signs_a_trial(world: World, sandbox_url: str, tmp_path: Path, node_client: Path):
    certificate = register(world.engine, SYSTEM, issued("eget"))
    world.person(CPRNR)
    with service.running(sandbox_url, tmp_path, UDB_SIGNATUR="kraev") as served:
        for soap in (SOAP_11, SOAP_12):
            with node(node_client, served.address, soap, certificate) as client:
                client.trial = True
                receipt = call(client, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, UNGDOM)
                assert (receipt["Resultat"], "HaendelseNummer" in receipt) == ("Accepteret", False)
        with node(node_client, served.address, SOAP_12, certificate) as client:
            first = call(client, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, UNGDOM)
            assert (first["Resultat"], "HaendelseNummer" in first) == ("Accepteret", True), "no trial was stored"


def test_zeep_and_node_sign_and_are_heard(world: World, sandbox_url: str, tmp_path: Path, node_client: Path):
    certificate = register(world.engine, SYSTEM, issued("eget"))
    with service.running(sandbox_url, tmp_path, UDB_SIGNATUR="kraev") as served:
        for soap in (SOAP_11, SOAP_12):
            signing = Zeep(served.address, soap, ZeepSignature(certificate))
            assert call(signing, FETCH, "HentHaendelser", REQUEST) == {"FindesFlereHaendelser": False}
            with node(node_client, served.address, soap, certificate) as client:
                for _ in range(2):
                    assert call(client, FETCH, "HentHaendelser", REQUEST) == {"FindesFlereHaendelser": False}
            with pytest.raises(Fault) as refused:
                call(Zeep(served.address, soap), FETCH, "HentHaendelser", REQUEST)
            assert refused.value.detail["ErrorCode"] == faults.SIGNATURE.error_code
            assert Reason.HEADER_MISSING.text.da in refused.value.detail["Details"]
