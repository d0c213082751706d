"""The commands around the registers, run as a user runs them."""

import json
import os

import pytest

from tests.imports.csvs import CPR, INSTITUTIONER


@pytest.fixture
def files(tmp_path):
    def write(name, *lines):
        file = tmp_path / name
        file.write_text("".join(f"{line}\n" for line in lines))
        return str(file)

    return write


def test_a_refused_file_says_where_and_why_and_leaves_a_list_that_a_good_one_removes(udb, files, tmp_path):
    assert udb("sandbox", "seed", "--youths", "1")[0] == 0
    file = files("cpr.csv", CPR, "6101054234;Test;01;101;;;", "6101054235;Test;99;101;;;")
    code, out, said = udb("import", "cpr", file)
    assert (code, out) == (2, "")
    assert said.splitlines() == [
        "The file is refused and nothing is imported: 1 fault in 2 lines.",
        "First fault: line 3, column status: Write one of: 01, 03, 05, 07, 20, 30, 50, 60, 70, 80, 90 here.",
        f"All faults: {file}.afvist.csv",
    ]
    refused = (tmp_path / "cpr.csv.afvist.csv").read_text(encoding="utf-8-sig").splitlines()
    assert refused[0] == "linje;kolonne;fejl"
    assert [line.split(";")[:2] for line in refused[1:]] == [["3", "status"]]
    assert "6101054235" not in "".join(refused)
    code, out, _ = udb("import", "cpr", file, "--json")
    assert code == 2
    (line,) = json.loads(out)["refused"]
    assert (line["number"], line["column"]) == (3, "status")
    assert line["reason"].startswith("Write one of")
    files("cpr.csv", CPR, "6101054234;Test;01;101;;;")
    code, out, _ = udb("import", "cpr", file, "--json")
    assert (code, json.loads(out)["added"]) == (0, 1)
    assert not (tmp_path / "cpr.csv.afvist.csv").exists()


def test_a_refusal_is_told_also_where_no_file_can_be_written(udb, files, tmp_path):
    (tmp_path / "cpr.csv.afvist.csv").mkdir()
    code, _, said = udb("import", "cpr", files("cpr.csv", CPR, "6101054234;Test;99;101;;;"))
    assert code == 2
    assert "column status" in said
    assert "cannot be written: Is a directory." in said


def test_a_pipe_is_wrong_use(udb, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Open in both directions, so that neither end waits for the other.
    both = os.open(pipe, os.O_RDWR)
    try:
        code, _, said = udb("import", "cpr", str(pipe))
    finally:
        os.close(both)
    assert code == 2
    assert "not a pipe" in said


def test_invented_numbers_are_refused_outside_the_sandbox(udb, files):
    code, _, said = udb("import", "cpr", files("cpr.csv", CPR, "6101054234;Test;01;101;;;"))
    assert code == 2
    assert "column cprnr" in said
    assert "6101054234" not in said


def test_an_unknown_kommune_is_refused_for_a_resident_and_counted_for_others(udb, files):
    code, _, said = udb("import", "cpr", files("cpr.csv", CPR, "0101054234;Test;01;102;;;"))
    assert code == 2
    assert "First fault: line 2, column kommunekode: The code set kommuner does not have it." in said
    code, out, _ = udb("import", "cpr", files("cpr.csv", CPR, "0101054234;Test;80;102;;;"))
    assert (code, out) == (
        0,
        "1 line: 1 new, 0 changed, 0 unchanged. 1 line in no kommune, with an unknown kommunekode.\n",
    )


def test_a_file_in_windows_1252_is_taken_and_the_result_says_so(udb, tmp_path):
    file = tmp_path / "cpr.csv"
    file.write_bytes(f"sep=;\r\n{CPR}\r\n0101054234;Søren;01;101;;;\r\n".encode("windows-1252"))
    code, out, _ = udb("import", "cpr", str(file))
    assert (code, out) == (0, "1 line: 1 new, 0 changed, 0 unchanged. Not UTF-8: read as Windows-1252.\n")
    assert json.loads(udb("import", "cpr", str(file), "--json")[1])["encoding"] == "windows-1252"


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "cpr"),
        ("import", "cpr", "findes-ikke.csv"),
        ("import", "findes-ikke", "x"),
        ("kodesaet", "show", "findes_ikke"),
        ("dataaftale", "create", "x", "FindesIkke", "461248"),
        ("dataaftale", "create", "x", "alle", "461248", "--from", "1. august"),
        ("system", "create", "x y", "--name", "X"),
        ("system", "create", "x", "--name", "X", "--key", "kort"),
        ("sandbox", "seed"),
        ("sandbox", "seed", "--youths", "0"),
    ],
)
def test_wrong_use(udb, arguments):
    assert udb(*arguments)[0] == 2


def test_systems_and_agreements(udb, files):
    assert udb("import", "institutioner", files("i.csv", INSTITUTIONER, "461248;Skole;;1061;461;;"))[0] == 0
    code, out, _ = udb("system", "create", "easy", "--name", "EASY-A", "--json")
    assert code == 0
    assert len(json.loads(out)["noegle"]) >= 43
    assert udb("system", "create", "easy", "--name", "EASY-A")[0] == 4
    assert udb("dataaftale", "create", "easy", "alle", "461248", "--from", "2026-01-01")[0] == 0
    listed = json.loads(udb("dataaftale", "list", "--json")[1])
    assert listed == [
        {"system_id": "easy", "service": "alle", "institution_nummer": "461248", "fra": "2026-01-01", "til": None}
    ]
    assert udb("dataaftale", "close", "easy", "alle", "461248", "--to", "2026-06-30")[0] == 0
    assert json.loads(udb("dataaftale", "list", "--system", "easy", "--json")[1])[0]["til"] == "2026-06-30"
    assert udb("dataaftale", "close", "andet", "alle", "461248")[0] == 2
    assert udb("system", "block", "easy")[0] == 0
    assert udb("system", "block", "andet")[0] == 2
    assert json.loads(udb("system", "list", "--json")[1])[0]["spaerret"] is True


def test_a_key_is_worth_keeping_only_in_a_sandbox(udb):
    said = udb("system", "create", "easy", "--name", "EASY-A")[1]
    assert "Keep the key" not in said
    assert "udb system certificate add" in said
    assert udb("sandbox", "seed", "--youths", "1")[0] == 0
    assert "Keep the key" in udb("system", "create", "ny", "--name", "Ny")[1]


def test_code_sets_are_listed_with_what_is_invented(udb, files):
    sets = {row["saet"]: row for row in json.loads(udb("kodesaet", "show", "--json")[1])}
    assert sets["kommuner"] == {"saet": "kommuner", "raekker": 98, "delvis": 0, "opfundet": 0}
    assert sets["timeloen"] == {"saet": "timeloen", "raekker": 4, "delvis": 4, "opfundet": 0}
    assert sets["stads"] == {"saet": "stads", "raekker": 7, "delvis": 0, "opfundet": 7}
    assert sets["etater"]["raekker"] == 0
    file = files("k.csv", "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde", "60;Ny;2026-01-01;;tekst;egen liste")
    assert udb("import", "kodesaet", "klassetyper", file)[0] == 0
    rows = json.loads(udb("kodesaet", "show", "klassetyper", "--json")[1])
    assert [(row["tekst"], row["opfundet"], row["kilde"]) for row in rows if row["kode"] == "60"] == [
        ("Ny", "tekst", "egen liste")
    ]
    assert "Normalklasse" in udb("kodesaet", "show", "klassetyper")[1]


def test_seed_and_reset(udb):
    code, out, _ = udb("sandbox", "seed", "--youths", "30", "--seed", "7", "--date", "2026-08-10", "--json")
    assert (code, json.loads(out)["unge"]) == (0, 30)
    assert udb("sandbox", "reset")[0] == 0


def test_a_reset_forgets_a_certificate_which_can_be_registered_again(udb, tmp_path):
    assert udb("sandbox", "seed", "--youths", "30", "--seed", "7", "--date", "2026-08-10")[0] == 0
    assert udb("sandbox", "ca", str(tmp_path), "--system", "sandbox")[0] == 0
    assert len(json.loads(udb("system", "certificate", "list", "--json")[1])) == 1
    assert udb("sandbox", "reset")[0] == 0
    assert json.loads(udb("system", "certificate", "list", "--json")[1]) == []
    assert udb("system", "certificate", "add", "sandbox", str(tmp_path / "sandbox.pem"))[0] == 0
    assert len(json.loads(udb("system", "certificate", "list", "--json")[1])) == 1


def test_only_a_sandbox_is_emptied(udb):
    assert udb("sandbox", "reset")[0] == 4
