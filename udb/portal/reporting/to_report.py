"""From a form that holds to the report and the call that the use case takes; and from a stored report to its
cancellation.
"""

from typing import Any, Final
from uuid import uuid4

from wtforms import Form

from udb.callers.systems import WEB
from udb.domain import elementer as e
from udb.domain.call import Call
from udb.domain.clock import midnight
from udb.domain.formaal import Formaal
from udb.domain.haendelse import Haendelse, Indberetning
from udb.domain.kodesaet import COSA, ELEVTRIN, FORBEREDENDE, STADS, Kodesaet
from udb.portal.reporting.forms import ART, KLASSETRIN, PERIODE, YES
from udb.portal.reporting.tasks import KILDE, STATUS, Hvad, Task
from udb.portal.state import the_session

LONGEST_TRANSACTION: Final = 100
"""As in the contract (SystemTransactionIDType)."""
_FIRST_VERSION: Final = 1
_BOOLEANS: Final = frozenset({e.GENNEMFOERT_HF, e.EGU_UDDANNELSESNIVEAU, e.SLET})
_GRADE: Final = frozenset({e.ELEV_TRIN, e.KLASSE_TRIN, e.KLASSE_TYPE, e.KLASSE_NAVN})


def call_of(
    operation: str,
    institution_nummer: str,
    transaction: str,
    *,
    validate_only: bool = False,
    service: str | None = None,
    formaal: Formaal = Formaal.INDBERETNING,
) -> Call:
    """Return the call of the portal's own system. The only place where the portal's calls are made.

    ``operation``: a report's service, or the name of a page with what it shows; ``service``: the one whose agreement
    admits the call, when it is not the operation.
    """
    return Call(
        correlation_id=str(uuid4()),
        system_id=WEB,
        service=service or operation,
        operation=operation,
        institution_nummer=institution_nummer,
        transaction_id=transaction,
        validate_only=validate_only,
        bruger=the_session().user,
        formaal=formaal,
    )


def report_of(task: Task, form: Form, codes: Kodesaet) -> Indberetning:
    """Return the report of a form that holds."""
    said: dict[str, Any] = {name: _value(name, field.data) for name, field in form._fields.items()}
    day = said.pop(e.HAENDELSE_DATO, None)
    periode = said.pop(PERIODE, None)
    if periode is not None:
        skoleperiode, _, speciale = periode.partition("|")
        said |= {e.SKOLEPERIODE: skoleperiode, e.SPECIALE: speciale or None}
    if ART in said:
        unused = {e.FORBEREDENDE_AKTIVITETS_KODE} if said.pop(ART) == KLASSETRIN else _GRADE
        said |= dict.fromkeys(unused)
    if e.COSA_FORMAAL in said and said[e.COSA_FORMAAL_VERSION] is None:
        said[e.COSA_FORMAAL_VERSION] = _version(codes, said[e.COSA_FORMAAL], day)
    if said.get(e.SLET) is False:
        said[e.SLET] = None
    return Indberetning(
        service=task.service,
        haendelse_dato=midnight(day) if day is not None else None,
        **_head(task),
        **{e.ATTRIBUTE[name]: value for name, value in said.items()},
    )


def _head(task: Task) -> dict[str, Any]:
    if task.hvad is Hvad.KONTAKTPERSON:
        return {}
    risk = True if task.hvad is Hvad.RISIKO else None
    return {"status": STATUS[task.hvad], "kilde_leverandoer": KILDE, "frafaldstruet_markering": risk}


def _value(name: str, data: Any) -> Any:
    if name in _BOOLEANS:
        return None if data in {None, ""} else data == YES
    return None if data == "" else data


def _version(codes: Kodesaet, code: str, day: Any) -> int:
    """Return the version of an education on a day; of an unknown one the first, for the rule to refuse."""
    row = codes.on(COSA, code, day) or codes.describing(COSA, code, day)
    return int(row.variant) if row is not None else _FIRST_VERSION


def cancellation_of(event: Haendelse) -> Indberetning:
    """Return the report that cancels a stored one."""
    code: dict[str, Any] = {}
    if event.kodesaet == COSA:
        code = {"cosa_formaal": event.kode, "cosa_formaal_version": event.kode_version}
    elif event.kodesaet == STADS:
        code = {"stads_kode": event.kode}
    elif event.kodesaet == FORBEREDENDE:
        code = {"forberedende_aktivitets_kode": event.kode}
    elif event.kodesaet == ELEVTRIN:
        code = {"elev_trin": event.elev_trin, "klasse_trin": event.klasse_trin, "klasse_type": event.klasse_type}
        code |= {"klasse_navn": event.klasse_navn}
    return Indberetning(
        service=event.service,
        cprnr=event.cprnr,
        institution_nummer=event.institution_nummer,
        haendelse_dato=midnight(event.haendelse_dato),
        kilde_leverandoer=KILDE,
        annullering=True,
        status=event.status,
        haendelse_nummer=event.nummer,
        afbrudsarsags_kode=event.afbrudsarsags_kode,
        speciale=event.speciale,
        praktiksted=event.praktiksted,
        gennemfoert_hf=event.gennemfoert_hf,
        skoleperiode=event.skoleperiode,
        egu_uddannelsesniveau=event.egu_uddannelsesniveau,
        frafaldstruet_markering=event.frafaldstruet_markering,
        **code,
    )
