"""What a person looks at a youth's data for (access.md, The read log)."""

from enum import StrEnum


class Formaal(StrEnum):
    """The purposes, as the read log has them."""

    VEJLEDNING = "vejledning"
    TILSYN_PLIGT = "tilsyn_pligt"
    EGEN_INDSIGT = "egen_indsigt"
    INDBERETNING = "indberetning"
    DATAKVALITET = "datakvalitet"
    AFSTEMNING = "afstemning"
    STATISTIK = "statistik"
    SUPPORT = "support"
