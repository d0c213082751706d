"""Figures of a status day as a run freezes them, counted in a plain way from invented youths."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from udb.statistics.frozen import Figure

GROUPS = ("forberedende", "paalaeg", "fritaget", "udland", "praktik", "deltid", "uden")
RESTGRUPPE = ("fuldfoert", "i_uddannelse", "i_job", "restgruppe")
AGES = ("15-17", "18-24", "25-29")


@dataclass(frozen=True)
class Invented:
    """A youth: ``kui``: its group, None outside the target group; ``rest``: its measure of the restgruppe."""

    kommune: str
    age: str
    sex: str
    kui: str | None
    rest: str
    covered: bool
    contacted: bool

    def measures(self) -> Mapping[str, Sequence[str]]:
        """Return the measures in which it counts, by definition."""
        group = "ukendt" if self.age == "25-29" and self.kui in {"uden", "deltid"} else self.kui
        groups = () if group is None else ("i_alt", group)
        found = {"bredere": ("P", *groups)}
        if self.age != "25-29":
            found["kui"] = ("P", *groups)
            found["restgruppe"] = ("P", self.rest)
            if group == "uden":
                found["kontaktede"] = ("P", "kontaktet") if self.contacted else ("P",)
            found["daekning"] = ("P", "daekning") if self.covered else ("P",)
        return found


def invent(random: Random, kommuner: int, most: int) -> list[Invented]:
    """Return the youths of kommuner of very different sizes."""
    return [
        Invented(
            f"{101 + number}",
            random.choices(AGES, (3, 6, 4))[0],
            random.choice("KM"),
            random.choices((None, *GROUPS), (60, 9, 4, 3, 1, 1, 12, 10))[0],
            random.choices(RESTGRUPPE, (30, 50, 12, 8))[0],
            random.random() < 0.95,
            random.random() < 0.6,
        )
        for number in range(kommuner)
        for _ in range(int(most * random.random() ** 3))
    ]


MEASURES = {
    "restgruppe": (("P", *RESTGRUPPE), AGES[:2]),
    "kui": (("P", "i_alt", *GROUPS), AGES[:2]),
    "bredere": (("P", "i_alt", *GROUPS, "ukendt"), AGES),
    "daekning": (("P", "daekning"), AGES[:2]),
    "kontaktede": (("P", "kontaktet"), AGES[:2]),
}


def figures_of(youths: Iterable[Invented]) -> dict[str, list[Figure]]:
    """Return the figures of the youths with every margin; of a kommune a 0 is left out."""
    counts: Counter[tuple[str, str | None, str, str | None, str | None]] = Counter()
    for one in youths:
        for name, measures in one.measures().items():
            for kommune, maal, age, sex in product((one.kommune, None), measures, (one.age, None), (one.sex, None)):
                counts[name, kommune, maal, age, sex] += 1
    for name, (measures, ages) in MEASURES.items():
        for maal, age, sex in product(measures, (*ages, None), ("K", "M", None)):
            counts.setdefault((name, None, maal, age, sex), 0)
    return {
        name: [
            Figure(kommunekode=kommune, maal=maal, alder=age, koen=sex, antal=count)
            for (of, kommune, maal, age, sex), count in counts.items()
            if of == name
        ]
        for name in MEASURES
    }
