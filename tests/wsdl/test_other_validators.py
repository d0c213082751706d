"""Samples and answers are valid for validators of other makes: lxml (libxml2) and xmlschema (Python, XSD 1.0 and 1.1).

``make xerces`` asks Xerces, which is not on PyPI.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import xmlschema
from lxml import etree
from sqlalchemy import Engine

from tests.support.size import LARGE, size
from tests.wsdl.messages import Message, feed, samples
from udb.domain.services import UNGDOMSUDDANNELSE

VERSIONS = {"1.0": xmlschema.XMLSchema10, "1.1": xmlschema.XMLSchema11}
FEW = {"DataTilKommune.xsd", f"{UNGDOMSUDDANNELSE}.xsd"}
"""The services whose samples are tried in ``make test``; their schema takes a second each."""


@cache
def of_lxml(schema: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(schema))


@cache
def of_xmlschema(schema: Path, version: str) -> xmlschema.XMLSchemaBase:
    return VERSIONS[version](str(schema))


def mistakes(message: Message, version: str) -> list[str]:
    """Return what the validators find wrong."""
    found = [str(error.reason) for error in of_xmlschema(message.schema, version).iter_errors(BytesIO(message.content))]
    by_lxml = of_lxml(message.schema)
    by_lxml.validate(etree.fromstring(message.content))
    return found + [error.message for error in by_lxml.error_log]


@pytest.mark.large
@pytest.mark.parametrize("version", VERSIONS if LARGE else ["1.0"])
def test_every_sample_is_valid(version: str) -> None:
    tried = [message for message in samples() if LARGE or message.schema.name in FEW]
    assert len(tried) >= size(small=8, large=66)
    assert {message.name: found for message in tried if (found := mistakes(message, version))} == {}


@pytest.mark.large
@pytest.mark.parametrize("version", VERSIONS if LARGE else ["1.0"])
def test_everything_that_kommuner_fetch_is_valid(engine: Engine, version: str) -> None:
    pages = list(feed(engine, size(small=20, large=2000)))
    assert len(pages) >= size(small=3, large=50)
    assert {page.name: found for page in pages if (found := mistakes(page, version))} == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b":Annullering>false<", b":Annullering>nej<"),
        (b":CPRNr>", b":CprNr>"),
        (b":HaendelseDato>2", b":HaendelseDato>x2"),
    ],
)
def test_both_notice_what_is_wrong(old: bytes, new: bytes) -> None:
    (right,) = (message for message in samples() if message.name == f"{UNGDOMSUDDANNELSE}Request.xml")
    assert mistakes(right, "1.0") == []
    wrong = Message("wrong", right.schema, right.content.replace(old, new))
    assert wrong.content != right.content
    assert list(of_xmlschema(wrong.schema, "1.0").iter_errors(BytesIO(wrong.content))) != []
    assert not of_lxml(wrong.schema).validate(etree.fromstring(wrong.content))
