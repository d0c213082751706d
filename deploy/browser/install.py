"""Find a Chromium for ``make browser``, or unpack one of npm: ``python -m deploy.browser.install FOLDER``.

Debian's is taken when it is there. Else the npm package @sparticuz/chromium, made for Linux on x86_64, is installed
into the folder with the libraries and fonts that come with it. Exit code 1 with a line on what is missing.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from deploy import npm

HERE = Path(__file__).resolve().parent
PROGRAM = "chromium"
OF_THE_SYSTEM = ("chromium", "chromium-browser", "google-chrome")
_ARCHIVES = ("al2023", "swiftshader", "fonts")
"""Libraries of the system, of drawing, and fonts."""


def install(folder: Path) -> None:
    """Unpack the locked Chromium into ``folder``, in place of what was there.

    Raises ModuleNotFoundError without brotli, FileNotFoundError without npm, CalledProcessError when npm fails,
    TarError, OSError.
    """
    import brotli

    with tempfile.TemporaryDirectory() as scratch:
        packed = npm.install(HERE, Path(scratch)) / "@sparticuz" / "chromium" / "bin"
        if (packed / "x64").is_dir():
            packed = packed / "x64"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in _ARCHIVES:
            archive = packed / f"{name}.tar.br"
            if archive.is_file():
                with tarfile.open(fileobj=io.BytesIO(brotli.decompress(archive.read_bytes()))) as opened:
                    opened.extractall(folder, filter="data")
        program = folder / PROGRAM
        program.write_bytes(brotli.decompress((packed / f"{PROGRAM}.br").read_bytes()))
        program.chmod(0o755)


def main() -> int:
    """Install into the folder of the command line, unless a Chromium is there."""
    folder = Path(sys.argv[1])
    if any(map(shutil.which, OF_THE_SYSTEM)):
        return 0
    program, lock = folder / PROGRAM, HERE / "package-lock.json"
    if program.exists() and program.stat().st_mtime > lock.stat().st_mtime:
        return 0
    print("Fetching Chromium by npm, about 70 MB: once")
    try:
        install(folder)
    except ModuleNotFoundError as error:
        print(f"No browser: {error.name} is missing (make browser installs it).", file=sys.stderr)
        return 1
    except FileNotFoundError:
        print("No browser: neither Debian's chromium nor npm is here (apt-get install chromium).", file=sys.stderr)
        return 1
    except (subprocess.CalledProcessError, OSError, tarfile.TarError) as error:
        print(f"No browser: {error}. Debian has one, too: apt-get install chromium.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
