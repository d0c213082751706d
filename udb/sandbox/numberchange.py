"""Changes of CPR number in invented lives.

Earlier reports keep the old number, and schools repeat what is open (V 1.4).
"""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from udb.domain.haendelse import OPTAGET
from udb.sandbox.draft import LATE, Draft, Youth

_ROOM = timedelta(days=20)


def change_number(rng: random.Random, youth: Youth, new: str) -> bool:
    """Give a youth a new number between two of its reports, and report the open course again.

    Returns False when there is no room between two reports.
    """
    gaps = [
        index for index, (one, next_) in enumerate(pairwise(youth.drafts)) if next_.registered - one.registered > _ROOM
    ]
    if not gaps:
        return False
    at = rng.choice(gaps) + 1
    before, after = youth.drafts[:at], youth.drafts[at:]
    for draft in after:
        draft.cprnr = new
    repetitions = _repetitions(before, new)
    instead = {id(draft.repeats): draft for draft in repetitions}
    for draft in after:
        draft.concerns = instead.get(id(draft.concerns), draft.concerns)
    youth.drafts = [*before, *repetitions, *after]
    return True


def _repetitions(before: list[Draft], new: str) -> list[Draft]:
    """Return the reports of the open course again, under the new number."""
    cancelled = {id(draft.cancels) for draft in before if draft.cancels}
    marked = [draft for draft in before if draft.concerns]
    last = next((draft for draft in reversed(before) if not draft.concerns and not draft.cancels), None)
    if last is None or last.status != OPTAGET or marked:
        return []
    moment = before[-1].registered
    repeated = []
    for draft in before:
        if draft.course is not last.course or draft.cancels or id(draft) in cancelled:
            continue
        moment += timedelta(days=1)
        advice = tuple(code for code in draft.advice if code != LATE)
        again = replace(draft, cprnr=new, registered=moment, advice=advice, repeats=draft)
        repeated.append(again)
    return repeated
