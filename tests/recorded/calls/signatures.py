"""Callers with certificates, and signed requests: right in every form, and broken in one way each."""

import base64
import json
from pathlib import Path
from typing import Any, Final

from tests.recorded import soap
from tests.recorded.soap import TIL_KOMMUNE, UNGDOM
from tests.recorded.stage import KEY, SYSTEM, Stage

FILE: Final = Path(__file__).with_name("signed.json")
"""See ``tests.recorded.sign``."""
FETCH: Final = {"InstitutionNummer": "281111", "HaendelseNummer": "UDB-" + "0" * 23}
PATH: Final = soap.path(TIL_KOMMUNE)


def play(stage: Stage) -> None:
    stage.register.build()
    stage.register.system("anden", "en-anden-noegle-helt", "461248")
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    der = {name: base64.b64decode(text) for name, text in kept["certificates"].items()}
    for name, system in (("eget", SYSTEM), ("andet", SYSTEM), ("andens", "anden"), ("spaerret", SYSTEM)):
        stage.register.certificate(system, der[name], blocked=name == "spaerret")
    key = {"Authorization": soap.basic(SYSTEM, KEY)}
    shown = {name: {"Client-Cert": f":{base64.b64encode(one).decode()}:"} for name, one in der.items()}
    apps: dict[str, Any] = {
        "demanded": stage.register.sandbox(signatur="kraev"),
        "sandbox": stage.app,
        "production": stage.register.production(),
        "SHA-1": stage.register.production(signatur_sha1=True),
        "unsigned": stage.register.production(signatur="tjek"),
    }
    request = soap.request("HentHaendelser", FETCH, "usigneret")
    for version in soap.VERSIONS:
        for name in der:
            headers = shown[name] | {"Authorization": None}
            stage.post(f"shown: {name} {version}", TIL_KOMMUNE, request, version, headers=headers, app=apps["unsigned"])
        for app in ("demanded", "production"):
            headers = {**shown["eget"], **(key if app == "demanded" else {"Authorization": None})}
            stage.post(f"unsigned where {app} {version}", TIL_KOMMUNE, request, version, headers=headers, app=apps[app])
        stage.post(f"unsigned ping {version}", UNGDOM, soap.ping(UNGDOM), version, app=apps["demanded"])
    for name, text in kept["right"].items():
        headers = {"Content-Type": soap.MEDIA["1.1" if "1.1" in name else "1.2"]}
        for app in ("production", "SHA-1", "demanded"):
            caller = key if app == "demanded" else shown["andet"]
            stage.send(f"right: {name} to {app}", "POST", PATH, text.encode(), headers | caller, app=apps[app])
    base = kept["base"]
    media = {"Content-Type": soap.MEDIA["1.2"], **key}
    for name, (begin, length, other) in kept["broken"].items():
        message = base[:begin] + other + base[begin + length :]
        stage.send(f"broken: {name}", "POST", PATH, message.encode(), media, app=apps["demanded"])
    for name in ("body-changed", "not-signed", "no-header"):
        begin, length, other = kept["broken"][name]
        message = base[:begin] + other + base[begin + length :]
        stage.send(f"broken, in the sandbox: {name}", "POST", PATH, message.encode(), media)
