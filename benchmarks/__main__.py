"""Run one measurement (``make bench WHAT=...``); without a known name list them."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import typer

MEASUREMENTS: Final = {
    "calls": "what each call costs, beside stock spyne and beside the least a service can do",
    "loop": "what HTTP costs a call, beside gunicorn's own worker, and how long calls take beside strangers",
    "feed": "whether every receipt is where it belongs, with killed workers and restarts",
    "polling": "whether the feeds of all 98 kommuner slow the senders",
    "leak": "whether response times reveal which CPR numbers exist",
    "restart": "what a restart of PostgreSQL under load loses, and how soon calls go through again",
    "failover": "what a lost, frozen or handed-over primary of a cluster loses, and how soon calls go through again",
    "memory": "whether a worker grows in a million calls",
    "eindkomst": "a month of 700,000 youths, beside loading the file with COPY",
    "pages": "what a kommune's pages cost, with 20,000 youths",
    "people": "what the pages for people cost the senders, a worker's memory, and themselves",
    "extract": "what the statistics extract takes of a million events, beside a tenth of them",
    "figures": "a monthly run of 700,000 youths, beside reading the same rows once",
    "nation": "whether a call costs the same with ten million events as with 100,000",
    "instructions": "how many instructions a report takes, by valgrind: the same on a busy machine",
    "trip": "how many files of udb/ a report and a fetch enter",
}
"""Module of this package -> what it measures. Each module has ``main()``, which returns the exit code."""


def main(arguments: Sequence[str]) -> int:
    """Run the measurement that the first argument names with the other arguments as its options; 2 if it is unknown."""
    name, *options = arguments or [""]
    if name not in MEASUREMENTS:
        typer.echo(f'No measurement is named "{name}". make bench WHAT=', err=True)
        for known, what in MEASUREMENTS.items():
            typer.echo(f"  {known:13}{what}", err=True)
        typer.echo('BENCH_ARGS=--help shows the options of one: make bench WHAT=calls BENCH_ARGS="--help"', err=True)
        return 2
    sys.argv = [f"make bench WHAT={name}", *options]
    code: int = import_module(f"benchmarks.{name}").main()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
