"""Print the parameters of the programs in this folder for a running sandbox: its system with all services, and a youth
without reports, in a kommune with few events. They come from the sandbox itself; only Python is needed.

    python3 parameters.py [ADDRESS [SOAP]]
"""

import json
import sys
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

GYMNASIUM = "1061"
"""The institutionstype of a school where a youth can begin hf."""

if sys.argv[2:] not in ([], ["1.1"], ["1.2"]):
    sys.exit("parameters.py [ADDRESS [SOAP]], where SOAP is 1.1 or 1.2")
address, soap = (*sys.argv[1:], *("http://127.0.0.1:8080", "1.1")[len(sys.argv) - 1 :])
address = (address if "://" in address else f"http://{address}").rstrip("/")


def ask(path: str) -> Any:
    """Return the sandbox's answer at a path, parsed from JSON."""
    request = urllib.request.Request(f"{address}/sandbox/{path}", headers={"X-UDB-Sandbox": "1"})
    # Without the environment's proxies, which cannot reach this machine's ports.
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = " ".join(error.read().decode(errors="replace").split())[:300]
        sys.exit(f"{address} is no sandbox that can be asked: HTTP {error.code}. {said}")
    except (OSError, ValueError):
        sys.exit(
            f"No sandbox answers at {address}. Start one with make run, or give its address: parameters.py ADDRESS"
        )


status = ask("status")
key = next(system["noegle"] for system in status["systemer"] if system["id"] == "sandbox")
# What the kommune fetches is then short enough to read.
residents = Counter(ung["kommunekode"] for ung in ask("unge?scenarie=bosat&antal=100")["unge"])
unge = ask("unge?scenarie=uden_haendelser&antal=100")["unge"]
possible = [ung for ung in unge if GYMNASIUM in ung["institutioner"]]
ung = min(possible, key=lambda ung: residents[ung["kommunekode"]], default=None)
if ung is None:
    sys.exit("No youth without reports is left in the sandbox. Put it back as it was: udb sandbox reset")
day = status["nu"].partition("T")[0]
print(address, "sandbox", key, soap, ung["cprnr"], ung["institutioner"][GYMNASIUM], ung["kommune_institution"], day)
