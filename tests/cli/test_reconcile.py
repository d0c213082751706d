"""udb reconcile, as a vendor's operator runs it."""

import json

import pytest

from tests.support import reconciliation as lists
from tests.support.reconciliation import A, last_logged
from tests.support.world import GYMNASIUM, KOMMUNE

pytestmark = pytest.mark.built_by(build=lists.worked)
MARKS = "1 ugyldig_linje + 1 dublet + 2 ikke_vist + 1 alder + 1 afvist + 1 mangler_i_udb + 1 afviger + 1 fundet"
AT = ("--institution", KOMMUNE)


def test_a_list_is_compared_and_whom_it_found_is_logged(udb, engine, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text("\n".join(lists.WORKED))
    code, out, err = udb("reconcile", "kontakt", str(file), *AT)
    assert (code, err) == (0, "")
    assert out.splitlines()[-2:] == [
        f"9 rows = {MARKS}",
        "UDB's 4 = 1 fundet + 1 afviger + 2 kun_i_udb",
    ]
    assert lists.TRANSACTION in out
    assert A not in out
    row = last_logged(engine)
    assert (row.operation, row.institution_nummer, len(row.personer)) == ("udb reconcile kontakt", KOMMUNE, 7)
    code, out, err = udb("reconcile", "kontakt", str(file), *AT, "--json")
    found = json.loads(out)
    assert (code, found["rows"], found["marks"]["ikke_vist"], found["udb"]["kun_i_udb"]) == (0, 9, 2, 2)
    assert [one["mark"] for one in found["result"]][-3:] == ["mangler_i_udb", "kun_i_udb", "kun_i_udb"]
    kinds = {
        "forloeb": f"CPRNr;Kode;DatoOptag\n{A};3017;2026-08-03",
        "afbrud": f"CPRNr;Kode;HaendelseDato\n{A};3017;2026-08-03",
    }
    for kind, content in kinds.items():
        file.write_text(content)
        code, out, err = udb("reconcile", kind, str(file), "--institution", GYMNASIUM, "--date", "2026-08-10")
        assert (code, err, "1 rows = 1 ikke_vist" in out) == (0, "", True)


def test_what_cannot_be_compared_is_said(udb, tmp_path):
    file = tmp_path / "liste.csv"
    for content, said in (
        (b"", "It is empty."),
        (b"CPRNr\n1", "Missing: KontaktNavn."),
        (b"CPRNr;KontaktNavn\n1;\x81", "It is neither UTF-8 nor Windows-1252."),
    ):
        file.write_bytes(content)
        code, out, err = udb("reconcile", "kontakt", str(file), *AT)
        assert (code, out, said in err) == (2, "", True), err
    file.write_text("CPRNr;KontaktNavn\n1;2")
    code, _, err = udb("reconcile", "kontakt", str(file), "--institution", "999999")
    assert (code, "There is no institution 999999." in err) == (2, True), err
