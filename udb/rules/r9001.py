"""9001: the same call key with other content.

Calling system, operation, ``InstitutionNummer`` and ``SystemTransactionID`` are the key of a call. The same call
sent again gets the same answer; another report needs a new id. The answer reveals nothing about the first call.
Source: own.

Wrong: yesterday's ``SystemTransactionID`` with today's report.
Right: a new ``SystemTransactionID`` for each report; the same one only to send the same report again after a broken
    connection.
"""

from udb.domain.elementer import SYSTEM_TRANSACTION_ID
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.rule import ALL_KINDS, Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when an accepted call with other content holds the key."""
    return Hit() if facts.key_reused else None


RULE = Rule(
    code="9001",
    navn="SystemTransactionID er brugt",
    name="SystemTransactionID already used",
    alvor=Alvor.HAARD,
    element=SYSTEM_TRANSACTION_ID,
    tekst=(
        "SystemTransactionID er allerede brugt til en anden indberetning. Send denne indberetning igen med et nyt "
        "SystemTransactionID; brug kun det samme, når nøjagtig samme indberetning sendes igen."
    ),
    text=(
        "SystemTransactionID has already been used for another report. Send this report again with a new "
        "SystemTransactionID; use the same one only to send exactly the same report again."
    ),
    forklaring=(
        "Kaldende system, operation, InstitutionNummer og SystemTransactionID er kaldets nøgle. Samme kald sendt "
        "igen får samme svar; en anden indberetning skal have et nyt id. Svaret røber intet om det første kald."
    ),
    forkert="Gårsdagens SystemTransactionID med dagens indberetning.",
    rigtigt=(
        "Et nyt SystemTransactionID til hver indberetning; kun det samme, når samme indberetning sendes igen efter "
        "en afbrudt forbindelse."
    ),
    source="own",
    services=REPORTS,
    check=check,
    needs_youth=False,
    judges=ALL_KINDS,
)
