"""Check the target before a run: its contract, its sandbox, and the keys of the callers."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from lxml import etree

from udb.conformance.service.fetching import HENT
from udb.conformance.shared import contract
from udb.conformance.shared.places import Places
from udb.conformance.shared.sandbox_client import Doors
from udb.conformance.shared.stage import Caller, Stage
from udb.conformance.shared.transport import Transport
from udb.conformance.shared.xml import Unreadable, parsed
from udb.domain import elementer
from udb.domain.errors import TargetUnavailable, WrongUse
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.domain.text import Text, joined
from udb.sandbox.callers import EVERYTHING

UNKNOWN_CALLER: Final = "UDB009101"
"""The ErrorCode for missing or wrong credentials (contract 3)."""
BASE: Final = Text(
    "Er det den rigtige adresse? Angiv det, der står før /services.",
    "Is it the right address? It is what comes before /services.",
)
NO_SANDBOX: Final = Text(
    "Ingen sandkasse: det, der kræver, at uret stilles eller unge indlæses, springes over.",
    "No sandbox: what needs its clock or imported youths is left out.",
)
NO_KEY: Final = Text(
    "Ingen nøgle: angiv den med --key SYSTEM:KEY. Kun det, der ikke kræver en nøgle, afprøves.",
    "No key: give it with --key SYSTEM:KEY. Only what needs no key is run.",
)
NOBODY: Final = "000000"
"""An institution number that is not in use."""


@dataclass(frozen=True, slots=True)
class Found:
    """The target and what it offers."""

    stage: Stage
    status: dict[str, Any] | None
    without: list[Text]


def look(transport: Transport, places: Places, key: str | None) -> Found:
    """Look at a target. ``key``: ``system:key``; None takes the sandbox's.

    Raises TargetUnavailable when nothing answers or the answer is not the contract's, WrongUse when the key is
    malformed or the target does not know it.
    """
    stage = Stage(transport, places, {})
    _require_contract(stage)
    doors = Doors(transport)
    shown = doors.status()
    status = shown if isinstance(shown, dict) else None
    without: list[Text] = []
    if isinstance(shown, Text):
        without.append(shown)
    if status is None:
        without.append(NO_SANDBOX)
    keys = {str(system["id"]): system.get("noegle") for system in (status or {}).get("systemer", ())}
    callers = {}
    main = _main(key, keys)
    if main is None:
        without.append(NO_KEY)
    else:
        callers[""] = main
    for name, (system, own) in places.systemer.items():
        found = own or keys.get(system)
        if found is not None:
            callers[name] = Caller(system, found)
        else:
            without.append(
                Text(f"Ingen nøgle til systemet {system} ({name}).", f"No key of the system {system} ({name}).")
            )
    stage.callers = callers
    if key is not None:
        _require_key(stage)
    stage.doors = doors if status is not None else None
    stage.used = _used(status)
    stage.lends = "ur_til_laans" in (status or {})
    stage.exchanges.clear()
    return Found(stage, status, without)


def _require_contract(stage: Stage) -> None:
    answer = stage.ping(DATA_TIL_KOMMUNE)
    path, body = SERVICES[DATA_TIL_KOMMUNE].path, answer.reply.body
    if answer.payload is not None and not answer.wrong:
        return
    if HTTPStatus.MULTIPLE_CHOICES <= answer.reply.status < HTTPStatus.BAD_REQUEST:
        to = answer.reply.headers.get("location", "?")
        raise TargetUnavailable(
            Text(
                f"{path} svarer med en viderestilling (HTTP {answer.reply.status}) til {to}. Brug den adresse.",
                f"{path} answers with a redirect (HTTP {answer.reply.status}) to {to}. Use that address.",
            )
        )
    if b"<html" in body[:4000].lower():
        page = Text(
            f"{path} svarer med en HTML-side (HTTP {answer.reply.status}).",
            f"{path} answers with an HTML page (HTTP {answer.reply.status}).",
        )
        raise TargetUnavailable(joined(page, BASE))
    try:
        root = parsed(body)
    except Unreadable:
        kind, status = answer.reply.media_type, answer.reply.status
        no_xml = Text(
            f"{path} svarer ikke med XML (HTTP {status}, {kind or 'uden Content-Type'}).",
            f"{path} does not answer with XML (HTTP {status}, {kind or 'without Content-Type'}).",
        )
        raise TargetUnavailable(joined(no_xml, BASE)) from None
    namespaces = {etree.QName(element).namespace for element in root.iter("{*}*")}
    if contract.namespace_of(DATA_TIL_KOMMUNE) not in namespaces:
        other = Text(
            f"{path} svarer efter en anden kontrakt end Ungedatabasens: svaret har andre navnerum.",
            f"{path} answers by another contract than Ungedatabasen's: its answer has other namespaces.",
        )
        raise TargetUnavailable(joined(other, BASE))


def _require_key(stage: Stage) -> None:
    # The institution does not exist, so nothing is fetched for any caller.
    answer = stage.call(DATA_TIL_KOMMUNE, HENT, {elementer.INSTITUTION_NUMMER: NOBODY})
    if answer.fault is not None and answer.fault.error_code == UNKNOWN_CALLER:
        raise WrongUse(f"The target refuses this key of system {stage.callers[''].system} (UDB009101): see --key.")


def _main(key: str | None, keys: dict[str, str | None]) -> Caller | None:
    if key is not None:
        system, colon, secret = key.partition(":")
        if not colon or not system or not secret:
            raise WrongUse("--key is SYSTEM:KEY, as udb system create prints them.")
        return Caller(system, secret)
    found = keys.get(EVERYTHING)
    return None if found is None else Caller(EVERYTHING, found)


def _used(status: dict[str, Any] | None) -> int:
    """Return how many numbers of one birth date may be in use, at most."""
    if status is None:
        return 0
    if "numre_flest_paa_en_dag" in status:
        return int(status["numre_flest_paa_en_dag"])
    # A sandbox that does not say so: a youth of an earlier run has had two numbers at most.
    seeded = (status.get("seed") or {}).get("unge", 0)
    return 2 * max(0, int(status.get("unge", 0)) - int(seeded))
