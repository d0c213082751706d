"""Parse what another party sent: without comments and processing instructions, and never larger than memory bears."""

from typing import Final

from lxml import etree

MOST_TAGS: Final = 300_000
"""The largest message in tags. A page of 1,000 events has under 100,000; each element takes 200 bytes of memory."""


class Unreadable(ValueError):
    """Not XML, or too large to be read."""


class TooLarge(Unreadable):
    """More elements than any message of the contract has."""


class HasDoctype(Unreadable):
    """XML with a DOCTYPE, which SOAP forbids."""


def parsed(content: bytes) -> etree._Element:
    """Return the root of a message, without comments and processing instructions. Raises Unreadable.

    Nothing is loaded from elsewhere.
    """
    if content.count(b"<") > MOST_TAGS:
        raise TooLarge(f"over {MOST_TAGS} tags")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(str(error)) from None
    # Only with a DOCTYPE can an entity be a child that is no element.
    if root.getroottree().docinfo.internalDTD is not None:
        raise HasDoctype
    return root
