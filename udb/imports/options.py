"""The names of the importers' options: Danish in the query of the sandbox's import, English on the command line."""

from typing import Final

from udb.domain.text import Text

EDITION: Final = Text("udgave", "--edition")
SET: Final = Text("saet", "SET")
UNTIL: Final = Text("til", "--until")
MONTH: Final = Text("maaned", "--month")
CORRECTION: Final = Text("rettelse", "--correction")
FEWER: Final = Text("faerre", "--fewer")
"""The word for a file that takes much away (``share``)."""
MERGED: Final = Text("sammenlagt", "--merged-kommune")
"""The word for kommuner that have one kommunekode together, while they are merged."""
UNKNOWN: Final = Text("ukendte", "--unknown")
"""What becomes of lines whose indtægtsart the code set does not have: ``SKIP``, or the file is refused."""
SKIP: Final = Text("spring-over", "skip")

OPTIONS: Final = {option.da: option for option in (EDITION, SET, UNTIL, MONTH, CORRECTION, FEWER, MERGED, UNKNOWN)}
"""Every option by its Danish name."""
