"""Youths as the use cases hand them to the codec."""

from collections.abc import Iterator
from types import SimpleNamespace


def youths(count: int) -> Iterator[SimpleNamespace]:
    """Make youths with only a number."""
    empty = (
        "haendelse_uddannelses_forloeb",
        "haendelse_jobcenter_forloeb",
        "haendelse_beskaeftigelses_forloeb",
        "haendelse_social_ydelse",
        "haendelse_uddannelsespaalaeg",
        "haendelse_kontakt_tilbudstid",
        "kontakt_job_og_uddannelsesonsker",
        "institution_kontakt",
    )
    single = ("afsluttet_uddannelses_niveau", "ung_har_uddannelsespaalaeg", "jobcenter_kontakt", "ung_kontakt")
    rest: dict[str, object] = dict.fromkeys(empty, ()) | dict.fromkeys(single)
    return (SimpleNamespace(cprnr=f"61{number:08}", **rest) for number in range(count))
