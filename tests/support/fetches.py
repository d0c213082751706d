"""Read the answers to fetches."""

from typing import Any, Final

START: Final = "UDB-" + "0" * 23
"""The cursor before every event number."""


def numbers(answer: Any) -> list[str]:
    """Return the event numbers of the education events in an answer."""
    return [
        event["HaendelseNummer"] for youth in answer["HaendelserUng"] for event in youth["HaendelseUddannelsesForloeb"]
    ]
