"""A report as sent, and an event as stored. Plain values; the attribute names are those of ``udb.domain.elementer``."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, make_dataclass
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any, Final, NamedTuple

from udb.domain.clock import danish_date
from udb.domain.kodesaet import AKTIVITETSGRUPPER

OPTAGET: Final = 1
AFBRUDT: Final = 2
EJ_MOEDT: Final = "1"
"""The afbrudsårsag of a youth who never started (V 1.2)."""
GENNEMFOERT: Final = 3

UDDANNELSE: Final = "uddannelse"
JOBCENTER: Final = "jobcenter"
BESKAEFTIGELSE: Final = "beskaeftigelse"
SOCIAL_YDELSE: Final = "social_ydelse"
PAALAEG: Final = "paalaeg"
KONTAKTTID: Final = "kontakttid"
"""The kinds of event (``Haendelse.art``): each has an element of its own in the answer (contract 5.1)."""

OPRET: Final = "Opret"
RET: Final = "Ret"
AFMELD: Final = "Afmeld"
"""The actions of a job centre on a subscription (``Handling``, contract 4.3)."""


class Kind(Enum):
    """The kind of a message, which decides the rules that judge it (rules.md, Where a rule holds)."""

    REPORT = "report"
    ANNULLERING = "annullering"
    SLET = "slet"
    AFMELD = "afmeld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indberetning:
    """One report of any report service, valid by the schema (contract 4.2, 4.3).

    A service fills in the fields of its message; the others keep their defaults.
    """

    service: str
    cprnr: str
    institution_nummer: str
    haendelse_dato: datetime | None = None
    kilde_leverandoer: str | None = None
    annullering: bool = False
    status: int | None = None
    haendelse_nummer: str | None = None
    afbrudsarsags_kode: str | None = None
    cosa_formaal: str | None = None
    cosa_formaal_version: int | None = None
    speciale: str | None = None
    praktiksted: str | None = None
    gennemfoert_hf: bool | None = None
    skoleperiode: str | None = None
    egu_uddannelsesniveau: bool | None = None
    forberedende_aktivitets_kode: str | None = None
    elev_trin: int | None = None
    klasse_trin: int | None = None
    klasse_type: str | None = None
    klasse_navn: str | None = None
    stads_kode: str | None = None
    kommune_aktivitets_kode: str | None = None
    ifoelge_kommunen: str | None = None
    vedroerer_haendelse_nummer: str | None = None
    frafaldstruet_markering: bool | None = None
    type: str | None = None
    afbrud_haendelse_nummer: str | None = None
    kontakt_navn: str | None = None
    kontakt_mail: str | None = None
    kontakt_telefon: str | None = None
    job_onsker: tuple[str, ...] = ()
    uddannelses_onsker: tuple[str, ...] = ()
    slet: bool | str | None = None
    aktivitetsgruppe_kode: str | None = None
    handling: str | None = None
    startdato: datetime | None = None

    @property
    def dato(self) -> date:
        """The Danish date of HaendelseDato, which every rule uses (contract 4.2)."""
        assert self.haendelse_dato is not None, "only asked of messages that have the element"
        return danish_date(self.haendelse_dato)

    @property
    def risk(self) -> bool:
        """True if the risk mark is set; an absent mark counts as false."""
        return bool(self.frafaldstruet_markering)

    @property
    def kind(self) -> Kind:
        """The kind of the message."""
        if self.annullering:
            return Kind.ANNULLERING
        if self.handling == AFMELD and self.aktivitetsgruppe_kode is None:
            return Kind.AFMELD
        return Kind.SLET if self.slet else Kind.REPORT


class Key(NamedTuple):
    """The key that the reports of one forloeb of a person share (V 7): the education code with its code set, and the
    main institution by today's register, which is empty for the activities of job centres.
    """

    kodesaet: str
    kode: str
    hovedinstitution: str


def key_of(kodesaet: str, kode: str, hovedinstitution: str) -> Key:
    """Return the forloeb key of a report with this code from an institution under ``hovedinstitution``."""
    return Key(kodesaet, kode, "" if kodesaet == AKTIVITETSGRUPPER else hovedinstitution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Haendelse:
    """One stored event, with the main institution of its reporter by today's register.

    ``udgaaet``: a correction has removed this change of employment or social benefit from the series. The last ten
    fields are computed from the whole history: see ``udb.domain.visibility``.
    """

    nummer: str
    plads: str
    art: str
    cprnr: str
    service: str
    institution_nummer: str
    hovedinstitution: str
    haendelse_dato: date
    registreringstid: datetime
    kilde_leverandoer: str
    annullering: bool = False
    annulleret: bool = False
    gentaget: bool = False
    forloeb_id: str | None = None
    gentager: str | None = None
    haendelse_tid: datetime | None = None
    status: int | None = None
    afbrudsarsags_kode: str | None = None
    kodesaet: str | None = None
    kode: str | None = None
    kode_version: int | None = None
    elev_trin: int | None = None
    klasse_trin: int | None = None
    klasse_type: str | None = None
    klasse_navn: str | None = None
    speciale: str | None = None
    praktiksted: str | None = None
    skoleperiode: str | None = None
    egu_uddannelsesniveau: bool | None = None
    ifoelge_kommunen: str | None = None
    vedroerer_haendelse_nummer: str | None = None
    gennemfoert_hf: bool | None = None
    frafaldstruet_markering: bool | None = None
    type: str | None = None
    afbrud_haendelse_nummer: str | None = None
    annulleret_haendelse_nummer: str | None = None
    status_beskaeftigelse: str | None = None
    beskaeftigelsesgrad: int | None = None
    modtager_social_ydelse: bool | None = None
    har_uddannelsespaalaeg: bool | None = None
    udgaaet: bool = False
    fuldfoerer: str | None = None
    i_fuldfoert: bool = False
    til_10: bool = False
    vist: bool = False
    vis_praktiksted: bool = False
    aabent_hos: str | None = None
    dato_optag: date | None = None
    fritager_foer: date | None = None
    vises_under_25: bool = False
    vises_over_25: bool = False

    @property
    def standing(self) -> bool:
        """True if the event counts in forloeb, rules and calculations: it is not a cancellation, not cancelled and not
        repeated after a number change.
        """
        return not (self.annullering or self.annulleret or self.gentaget)

    @property
    def risk(self) -> bool:
        """True for a Status 1 report with the risk mark (rules.md, Words)."""
        return self.status == OPTAGET and bool(self.frafaldstruet_markering)

    @property
    def optag(self) -> bool:
        """True for a Status 1 report without the risk mark and not according to the kommune (rules.md, Words)."""
        return self.status == OPTAGET and not self.frafaldstruet_markering and self.ifoelge_kommunen is None

    @property
    def key(self) -> Key | None:
        """The key of its forloeb; None for an event without an education code of its own."""
        if self.kodesaet is None or self.kode is None:
            return None
        return key_of(self.kodesaet, self.kode, self.hovedinstitution)

    def but(self, **changes: Any) -> "Haendelse":
        """Return the event with other values for some fields, in a fifth of the time of ``dataclasses.replace``."""
        return event_of((dict(zip(FIELDS, _values(self), strict=True)) | changes).values())


FIELDS: Final = tuple(field.name for field in fields(Haendelse))
"""The field names of an event, in the order in which they are stored and read."""
_values: Final = attrgetter(*FIELDS)
# A class with the same slots, not frozen, from which an event can be made quickly.
_Unfrozen: Final[Any] = make_dataclass("_Unfrozen", FIELDS, slots=True, eq=False)


def new_event_of(**values: Any) -> Haendelse:
    """Return the event with these values; the other fields have their defaults. All without a default must be given."""
    assert values.keys() >= _REQUIRED, "a field has no value"
    given = _DEFAULTS | values
    assert len(given) == len(FIELDS), "a field is unknown"
    return event_of(given.values())


_DEFAULTS: Final[dict[str, Any]] = {field.name: field.default for field in fields(Haendelse)}
_REQUIRED: Final = frozenset(name for name, default in _DEFAULTS.items() if default is MISSING)


def event_of(values: Iterable[Any]) -> Haendelse:
    """Return the event with these values for ``FIELDS``."""
    # A frozen class sets each field by a call, which takes ten times as long; a report makes ten events.
    made = _Unfrozen(*values)
    made.__class__ = Haendelse
    event: Haendelse = made
    return event
