"""The edition of ``institutionstyper`` as an operator sees, names and imports it."""

import json
from datetime import date

import pytest
from structlog.testing import capture_logs

from tests.imports.csvs import INSTITUTIONER
from tests.support.endpoint import HOST, request
from udb.imports.kodesaet_file import SAET
from udb.sandbox.reset import reset
from udb.sandbox.seed import Parameters, seed
from udb.serve.server import _check
from udb.settings import Settings
from udb.store.codes import holding_edition
from udb.store.engine import reading
from udb.web.sandbox_api import sandbox_app

LINES = ["281111;Københavns Kommune;;KOM;;101;", "452000;Byens Folkeskole;;1012;101;;"]
BY_VEJLEDNING = "Efterskoler are of type 1011 and 1012.\n"
BY_REGISTER = "Efterskoler are of type 1010 and 1011.\n"


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "institutioner.csv"
    file.write_text("".join(f"{line}\n" for line in (INSTITUTIONER, *LINES)), encoding="utf-8")
    return str(file)


def logged(database_url):
    with capture_logs() as entries:
        _check(Settings(database_url=database_url))
    (entry,) = (entry for entry in entries if entry["event"] == "serve.starting")
    return entry["institutionstyper"]


def test_the_edition_is_shown_and_changed_and_in_the_log_of_the_start(udb, database_url):
    assert udb("migrate")[0] == 0
    assert udb("kodesaet", "edition") == (0, f"The edition vejledning holds now: none was named. {BY_VEJLEDNING}", "")
    assert logged(database_url) == "vejledning"
    assert udb("kodesaet", "edition", "register") == (0, f"The edition register holds from now on. {BY_REGISTER}", "")
    assert udb("kodesaet", "edition", "register") == (0, f"The edition register holds as before. {BY_REGISTER}", "")
    assert udb("kodesaet", "edition") == (0, f"The edition register holds now. {BY_REGISTER}", "")
    assert logged(database_url) == "register"
    said = json.loads(udb("kodesaet", "edition", "--json")[1])
    assert said == {"edition": "register", "named": True, "efterskoler": ["1010", "1011"]}
    assert udb("kodesaet", "edition", "2020")[0] == 2
    assert udb("kodesaet", "show")[1].endswith("Edition of institutionstyper: register. See: udb kodesaet edition\n")
    assert json.loads(udb("kodesaet", "show", "--json")[1])


def test_a_file_of_folkeskoler_is_refused_until_the_edition_is_named(udb, file):
    assert udb("migrate")[0] == 0
    code, out, said = udb("import", "institutioner", file)
    assert (code, out) == (2, "")
    assert "First fault: line 3, column type3: Type 1012 is efterskoler in the edition" in said
    assert "--edition register" in said
    assert udb("import", "institutioner", file, "--edition", "2020")[0] == 2
    assert udb("import", "institutioner", file, "--edition", "register")[0] == 0
    assert udb("import", "institutioner", file) == (0, "2 lines: 0 new, 0 changed, 2 unchanged.\n", "")
    assert udb("kodesaet", "edition")[1] == f"The edition register holds now. {BY_REGISTER}"


def test_the_sandbox_has_the_register_s_edition_and_its_reset_brings_it_back(udb, engine):
    def holding():
        with reading(engine) as connection:
            return holding_edition(connection)

    assert udb("migrate")[0] == 0
    seed(engine, Parameters(3, 1, date(2026, 8, 10)), lambda *_: None)
    assert holding() == "register"
    assert udb("kodesaet", "edition", "vejledning")[1].endswith(BY_VEJLEDNING)
    assert holding() == "vejledning"
    reset(engine)
    assert holding() == "register"
    assert udb("kodesaet", "edition")[1] == f"The edition register holds now. {BY_REGISTER}"


def test_the_sandbox_s_import_names_the_edition_too(udb, engine):
    assert udb("migrate")[0] == 0
    body = "".join(f"{line}\n" for line in (INSTITUTIONER, *LINES)).encode()

    def load(query=""):
        path = f"/sandbox/import/institutioner{query}"
        answer = request(
            sandbox_app(engine, {HOST}, Settings(sandbox=True)), "POST", path, body, {"X-UDB-Sandbox": "1"}
        )
        return answer.status, json.loads(answer.body)

    status, refused = load()
    assert status == 422
    assert refused["refused"][0]["reason"].endswith("som i Institutionsregisteret, eller vejledning.")
    assert load("?udgave=2020")[0] == 400
    assert load("?udgave=vejledning")[0] == 200
    assert udb("kodesaet", "edition")[1] == f"The edition vejledning holds now. {BY_VEJLEDNING}"


def test_the_pages_of_the_site_are_written(udb, tmp_path):
    code, said, _ = udb("kodesaet", "show", "--write", str(tmp_path / "koder"))
    assert (code, said) == (0, f"{len(SAET) + 1} pages in {tmp_path / 'koder'}\n")
    assert {file.name for file in (tmp_path / "koder").iterdir()} == {"README.md", *(f"{saet}.md" for saet in SAET)}
    types = (tmp_path / "koder" / "institutionstyper.md").read_text(encoding="utf-8")
    assert "Used by the rules: [2003](../regler/2003.md)." in types
    vejledning, register = types.split("## Codes: edition ")[1:]
    assert "| 1012 | Efterskoler |" in vejledning
    assert "| 1012 | Folkeskoler |" in register
    assert "| KOM *(invented)* | Kommuner *(invented)* |" in register
    assert "- `v-7`: Styrelsen for It og Læring: Ungedatabasen vejledning 1.0, afsnit 7, date 2020-02-12" in vejledning
