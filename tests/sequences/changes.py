"""Changes around the service: time, the CPR register, the register of institutions."""

from datetime import datetime, time, timedelta

from tests.model.words import Youth, birthday
from tests.sequences.cast import AGES, FGU_DEPARTMENT, VUC
from tests.sequences.play import Play, cprnr
from tests.support.world import DEPARTMENT, FGU_SCHOOL, GYMNASIUM, KOMMUNE
from udb.domain.clock import DANISH


def time_passes(play: Play) -> None:
    rng, now = play.rng, play.stage.now
    edges = [birthday(youth.born, age) for youth in play.stage.model.youths for age in AGES]
    near = [day for day in edges if timedelta(0) <= day - play.stage.today < timedelta(40)]
    day = play.stage.today + timedelta(rng.choice((0, 1, 1, 2, 3, 30, 101)))
    if near and play.chance(0.5):
        day = rng.choice(near) - timedelta(rng.choice((0, 0, 1)))
    later = datetime.combine(day, rng.choice((time(0, 0, 5), time(8), time(23, 30))), DANISH)
    if later > now:
        play.stage.clock(later)
    if play.chance(0.3):
        play.stage.job()


def new_cprnr(play: Play) -> None:
    youth, others = play.one_youth(), play.stage.model.youths
    if len(others) > 1 and play.chance(0.3):
        other = play.rng.choice([one for one in others if one is not youth])
        play.stage.change_number(youth, other.cprnr)
        return
    play.serial += 1
    play.stage.change_number(youth, play.new_number() if play.chance(0.15) else cprnr(youth.born, play.serial))


def move(play: Play) -> None:
    status = play.rng.choices(("01", "03", "20", "70", "80", "90"), (70, 5, 5, 5, 10, 5))[0]
    youth = play.one_youth()
    other = "751" if youth.kommune == "101" else "101"
    play.stage.youth(youth.cprnr, status, other if play.chance(0.7) else str(youth.kommune))


def leaves_or_turns_30(play: Play, youth: Youth) -> None:
    """Make a change that ends a subscription by itself."""
    birthday_30 = datetime.combine(birthday(youth.born, 30), time(0, 0, 5), DANISH)
    if play.chance(0.3) and birthday_30 > play.stage.now:
        play.stage.clock(birthday_30)
    else:
        play.stage.youth(youth.cprnr, play.rng.choice(("80", "90")), str(youth.kommune))
    if play.chance(0.4):
        play.stage.job()


def register_changes(play: Play) -> None:
    rng, stage = play.rng, play.stage
    nummer = rng.choice((DEPARTMENT, DEPARTMENT, VUC, FGU_DEPARTMENT, GYMNASIUM, KOMMUNE))
    known = stage.model.institutions[nummer]
    what = rng.choice(("main", "main", "lukket", "in_register"))
    if what == "main" and nummer in {DEPARTMENT, FGU_DEPARTMENT, VUC}:
        under_vuc = stage.model.institutions[DEPARTMENT].main == VUC
        mains = {
            DEPARTMENT: (DEPARTMENT, GYMNASIUM, *((VUC,) if stage.model.institutions[VUC].main == VUC else ())),
            FGU_DEPARTMENT: (FGU_SCHOOL, FGU_DEPARTMENT),
            VUC: (VUC,) if under_vuc else (VUC, GYMNASIUM),
        }
        stage.institution(nummer, main=rng.choice(mains[nummer]))
    elif what == "lukket":
        closed = None if known.lukket else stage.today + timedelta(rng.choice((-1, 0, 1, 30)))
        stage.institution(nummer, lukket=closed)
    elif what == "in_register":
        stage.institution(nummer, in_register=not known.in_register)
