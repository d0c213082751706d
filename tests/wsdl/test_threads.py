"""Threads: no fault carries another caller's element or line, and none carries a value."""

from concurrent.futures import ThreadPoolExecutor

from tests.wsdl.fake_house import REPORT, app_of, envelope, post
from tests.wsdl.hostile import PAYLOAD

THREADS = 8
ROUNDS = 60
WRONG = [
    "CPRNr",
    "InstitutionNummer",
    "Status",
    "HaendelseDato",
    "KildeLeverandoer",
    "COsAFormaal",
    "Annullering",
    "GennemfoertHf",
]


def invalid(name: str, secret: str, lines: int) -> bytes:
    start, _, rest = PAYLOAD.partition(f"<v1:{name}>")
    end = rest.partition(f"</v1:{name}>")[2]
    return b"\n" * lines + envelope(f"{start}<v1:{name}>{secret * 40}</v1:{name}>{end}")


def test_faults_never_mix():
    app = app_of()
    clean_lines = {name: envelope(PAYLOAD).decode().partition(f"<v1:{name}>")[0].count("\n") + 1 for name in WRONG}

    def caller(number: int) -> list[str]:
        wrong = []
        name = WRONG[number]
        for turn in range(ROUNDS):
            secret = f"hemmelig{number:02}{turn:03}"
            answer = post(app, REPORT, invalid(name, secret, turn))
            details = answer.text("Details") or ""
            expected = f"Linje {clean_lines[name] + turn}: {name}: "
            if "hemmelig" in answer.body.decode() or not details.startswith(expected) or "\n" in details:
                wrong.append(details)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        assert [found for one in pool.map(caller, range(THREADS)) for found in one] == []
