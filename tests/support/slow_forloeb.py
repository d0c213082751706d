"""A second, slower reading of which events make a forløb."""

from collections.abc import Iterable

from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET, Haendelse


def slowly(events: Iterable[Haendelse]) -> list[list[int]]:
    """Return the forløb of one key, filing each event by looking at all that were filed before."""
    filed: dict[str, int] = {}
    ordered = sorted((e for e in events if e.standing and e.ifoelge_kommunen is None), key=lambda e: e.plads)
    for position, new in enumerate(ordered):
        before = ordered[:position]
        latest = max((filed[e.nummer] for e in before), default=0)
        in_latest = [e for e in before if filed[e.nummer] == latest]
        ends = [e for e in in_latest if e.status in (AFBRUDT, GENNEMFOERT)]
        if in_latest and not ends:
            filed[new.nummer] = latest
            continue
        late = new.status == OPTAGET and any(new.haendelse_dato <= end.haendelse_dato for end in ends)
        has_optag = any(e.status == OPTAGET and not e.frafaldstruet_markering for e in in_latest)
        if late and (new.frafaldstruet_markering or not has_optag):
            filed[new.nummer] = latest
        else:
            filed[new.nummer] = latest + 1
    return [
        [int(e.nummer.removeprefix("UDB-")) for e in ordered if filed[e.nummer] == label]
        for label in sorted(set(filed.values()))
    ]
