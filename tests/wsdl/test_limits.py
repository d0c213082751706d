"""The limits of a request: counted in one pass, and the fault names the first element beyond a limit."""

import pytest

from udb.wsdl.faults import ServiceFault
from udb.wsdl.xml.parse import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS, MAX_NAMESPACES, PIECE, parse


def attributes(count: int) -> str:
    return " ".join(f'a{number}="x"' for number in range(count))


def namespaces(count: int) -> str:
    return " ".join(f'xmlns:n{number}="urn:{number}"' for number in range(count))


def nested(depth: int) -> str:
    return "<a>\n" * depth + "</a>" * depth


LIMITS = {
    "elementer": (f"<r>\n{'<a/>' * (MAX_ELEMENTS - 1)}</r>", f"<r>\n{'<a/>' * MAX_ELEMENTS}</r>", 2),
    "niveauer": (nested(MAX_DEPTH), nested(MAX_DEPTH + 1), MAX_DEPTH + 1),
    "attributter på ét element": (
        f"<r>\n<a {attributes(MAX_ATTRIBUTES)}/></r>",
        f"<r>\n<a {attributes(MAX_ATTRIBUTES + 1)}/></r>",
        2,
    ),
    "navnerum på ét element": (
        f"<r {namespaces(MAX_NAMESPACES)}>\n<a {namespaces(MAX_NAMESPACES)}/></r>",
        f"<r>\n<a {namespaces(MAX_NAMESPACES + 1)}/></r>",
        2,
    ),
}


@pytest.mark.parametrize("what", LIMITS)
def test_as_much_as_a_limit_allows_is_read_and_one_more_is_not(what: str) -> None:
    allowed, beyond, line = LIMITS[what]
    parse(allowed.encode())
    with pytest.raises(ServiceFault) as raised:
        parse(beyond.encode())
    assert raised.value.details is not None
    assert raised.value.details.startswith(f"Linje {line}: ")
    assert raised.value.details.endswith(f" {what}.")


def test_the_first_element_beyond_a_limit_is_told_whichever_limit_it_is() -> None:
    deep, many = nested(MAX_DEPTH + 1), f"<b {attributes(MAX_ATTRIBUTES + 1)}/>"
    for first, second, what in ((deep, many, "niveauer"), (many, deep, "attributter på ét element")):
        with pytest.raises(ServiceFault) as raised:
            parse(f"<r>{first}{second}</r>".encode())
        assert str(raised.value.details).endswith(f"{what}.")


def test_a_limit_holds_for_all_pieces_of_a_long_request_together() -> None:
    text = "x" * (PIECE // 1000)
    elements = f"<a>{text}</a>" * (MAX_ELEMENTS - 1)
    assert len(elements) > 2 * PIECE
    parse(f"<r>{elements}</r>".encode())
    for more, what in (("<a/>", "elementer"), (nested(MAX_DEPTH), "elementer")):
        with pytest.raises(ServiceFault) as raised:
            parse(f"<r>{elements}{more}</r>".encode())
        assert str(raised.value.details).endswith(f"{what}.")
    with pytest.raises(ServiceFault) as raised:
        parse(f"<r>{elements[: -100 * len('<a></a>' + text)]}{nested(MAX_DEPTH)}</r>".encode())
    assert str(raised.value.details).endswith("niveauer.")
