"""The browser, and the site that it looks at. Without Playwright this folder is left out: see ``make browser``."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy.browser.install import OF_THE_SYSTEM, PROGRAM
from udb.paths import ROOT

try:
    from playwright.sync_api import sync_playwright
except ModuleNotFoundError:
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import Site

UNPACKED = ROOT / "build" / "chromium"
PICTURES = ROOT / "build" / "pictures"


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """A headless Chromium: the system's, or the one that ``make browser`` unpacked."""
    found = next(filter(None, map(shutil.which, OF_THE_SYSTEM)), None)
    options, environment = ["--no-sandbox"], dict(os.environ)
    if found is None:
        found = str(UNPACKED / PROGRAM)
        options.append("--no-zygote")
        environment |= {"LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_PATH": str(UNPACKED / "fonts")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options, env=environment)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(databases, tmp_path_factory) -> "Iterator[Site]":
    """The service with its pages, in both looks."""
    from tests.browser.site import served

    with served(databases, tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="session")
def pictures() -> Path:
    """The folder of the pictures; those of an earlier run are overwritten."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
