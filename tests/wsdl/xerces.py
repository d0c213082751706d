"""``make xerces``: the samples, and all that kommuner fetch from a seeded sandbox, validated by Xerces (Java).

Ends with 0 when all are valid, with 1 when one is not, with 3 when Xerces or Java is not installed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from structlog.testing import capture_logs

from tests.support import database
from tests.support.programs import succeeds
from tests.wsdl.messages import Message, feed, samples
from udb.store.engine import make_engine

YOUTHS: Final = 300
PROGRAM: Final = Path(__file__).with_name("Xerces.java")
JAR: Final = Path("/usr/share/java/xercesImpl.jar")
NEEDS: Final = "Debian: libxerces2-java openjdk-17-jdk-headless (any JDK from 11 on)"


def main() -> int:
    """Validate everything; return the exit code."""
    if not (succeeds("command -v java && command -v javac") and JAR.exists()):
        sys.stderr.write(f"make xerces needs Xerces and Java ({NEEDS}): nothing was tried.\n")
        return 3
    with tempfile.TemporaryDirectory(prefix="udb-xerces-") as folder:
        with database.sqlite(Path(folder)) as source, source.migrated() as url:
            engine = make_engine(url)
            with capture_logs():
                messages = [*samples(), *feed(engine, YOUTHS)]
            engine.dispose()
        return validated(messages, Path(folder))


def validated(messages: list[Message], folder: Path) -> int:
    """Write the messages into a folder and return 0 when Xerces finds all valid, else 1; print its words."""
    lines = []
    for message in messages:
        file = folder / message.name
        file.write_bytes(message.content)
        lines.append(f"{message.schema}\t{file}\n")
    command = ["java", "-cp", str(JAR), str(PROGRAM)]
    return subprocess.run(command, input="".join(lines), encoding="utf-8", check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
