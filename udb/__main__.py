"""``python -m udb``: the command line."""

from udb.cli import main

main()
