"""One target under libFuzzer, or its findings once more: ``python -m tests.fuzz.one TARGET …``.

libFuzzer's own arguments follow; ``tests.fuzz.run`` passes them.
"""

import logging
import random
import sys
from typing import Final

import atheris

with atheris.instrument_imports(include=["udb.wsdl", "udb.callers", "signxml"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.bounds import LARGEST
from tests.fuzz.mutate import mutated

OURS: Final = 0.6
"""How often an input is changed by ``mutate`` and not by libFuzzer."""


def change(data: bytes, largest: int, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.random() < OURS:
        return mutated(data, chance)[:largest]
    return bytes(atheris.Mutate(data, largest))


def main() -> None:
    logging.disable(logging.CRITICAL)
    target = TARGETS[sys.argv.pop(1)]

    def run(data: bytes) -> None:
        target.run(data[:LARGEST])

    # What is made once, certificates among it, must not count as an input's cost.
    for seed in target.seeds().values():
        run(seed)
    atheris.Setup(sys.argv, run, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
