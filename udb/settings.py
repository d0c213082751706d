"""The settings, read from the environment (``UDB_…``) once per process."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from udb.database_url import is_postgresql, with_driver
from udb.domain.clocks import MINUTES
from udb.domain.errors import WrongUse

OPBEVARING_AAR: Final = 2
NOEGLER_DAGE: Final = 400
READ_LAG: Final = 60
VENTETID: Final = 10
GIVEN_UP: Final = 4
"""A call is given up when one of its transactions has lasted this many times ``ventetid``."""
KALD_I_MINUTTET: Final = 6000
FORLOEB_DAGE: Final = 7
"""For how many days a course must have been reported before it opens a look-up (A11), when the setting is not given."""
FORLOEB_DAGE_TILSKUD: Final = 30
"""The same for the two grants, which are asked for months later."""
AFVISTE_I_DOEGNET: Final = 2000
FAERRE: Final = {"institutioner": 10, "cpr": 10, "eindkomst": 40}
"""How many percent a file may take away, by kind of import, when the setting is not given."""
FAERRE_SETTING: Final = {kind: f"UDB_FAERRE_{kind.upper()}" for kind in FAERRE}
NO_LIMIT: Final = 100
"""Percent: a limit that nothing exceeds."""
DATABASES: Final = frozenset({"sqlite", "postgres", "postgresql", "postgresql+psycopg"})
"""The schemes that the address of a database may have."""

AUTHORITIES: Final = frozenset({"http", "https"})
"""The schemes that the address of a time-stamp authority may have."""


def sqlite_url(file: Path) -> str:
    """Return the address of an SQLite file, with the characters escaped that an address reads otherwise."""
    return f"sqlite:///{file}".replace("%", "%25").replace("?", "%3F")


class Settings(BaseSettings):
    """One field per setting; ``udb serve --help`` prints its description."""

    model_config = SettingsConfigDict(env_prefix="UDB_", frozen=True)

    database_url: str | None = Field(default=None, description="The database; not given: an SQLite file in UDB_DATA.")
    read_database_url: str | None = Field(
        default=None,
        description="A standby of the database, for what reads much and may be a little late (udb senders, contacts, "
        "recheck, statistics); not given: the database itself.",
    )
    read_lag: float = Field(
        default=READ_LAG, ge=0, description="By how many seconds that standby may be behind the database."
    )
    data: Path = Field(default=Path("data"), description="The folder for the SQLite file and what else must be kept.")
    sandbox: bool = Field(default=False, description="Invented youths, a clock that can be set, no real CPR numbers.")
    sidestoerrelse: int = Field(
        default=1000, ge=1, le=10_000, description="How many events one fetch answers with at most."
    )
    maks_body: int = Field(default=1024 * 1024, ge=1, description="How many bytes a request may have.")
    side_levetid: float = Field(
        default=24, gt=0, description="For how many hours a kommune may fetch its latest page again under the same key."
    )
    ventetid: int = Field(
        default=VENTETID,
        ge=1,
        description="For how many seconds a call waits for each lock of a busy database before UDB009104; after "
        f"{GIVEN_UP} times as long in one transaction it is given up.",
    )
    modtagetid: float = Field(
        default=30, gt=0, description="Within how many seconds a call must have arrived, and an answer be read on."
    )
    kald_i_minuttet: int | None = Field(
        default=None,
        ge=0,
        description="How many calls a minute a system may make to one host before UDB009105; 0: any number; not given: "
        f"{KALD_I_MINUTTET}, and in a sandbox any number.",
    )
    afviste_i_doegnet: int | None = Field(
        default=None,
        ge=0,
        description="How many of a system's reports one host may refuse with 1002-1006 in a day (24 hours) before "
        f"UDB009105; 0: any number; not given: {AFVISTE_I_DOEGNET}, and in a sandbox any number.",
    )
    faerre_institutioner: int | None = Field(
        default=None,
        ge=0,
        le=NO_LIMIT,
        description="Up to how many percent of the institutions, and of the kommuner, a file may remove without "
        f"--fewer; not given: {FAERRE['institutioner']}, and in a sandbox {NO_LIMIT}.",
    )
    faerre_cpr: int | None = Field(
        default=None,
        ge=0,
        le=NO_LIMIT,
        description="Up to how many percent of the residents a file of the CPR register may take out of their kommune "
        f"without --fewer; not given: {FAERRE['cpr']}, and in a sandbox {NO_LIMIT}.",
    )
    faerre_eindkomst: int | None = Field(
        default=None,
        ge=0,
        le=NO_LIMIT,
        description="By up to how many percent fewer youths than the month before a month of eIndkomst may have "
        f"without --fewer; not given: {FAERRE['eindkomst']}, and in a sandbox {NO_LIMIT}.",
    )
    forloeb_dage: int | None = Field(
        default=None,
        ge=0,
        description="For how many days an institution's course must have been reported before it opens "
        f"HentUddannelsespaalaeg and a contact person (7011); not given: {FORLOEB_DAGE}, and in a sandbox 0.",
    )
    forloeb_dage_tilskud: int | None = Field(
        default=None,
        ge=0,
        description="The same for the end of a course and HentUdslusningstilskud and HentStatusHenvisning; "
        f"not given: {FORLOEB_DAGE_TILSKUD}, and in a sandbox 0.",
    )
    opslag_i_timen: int = Field(
        default=60, ge=0, description="How many CPR numbers a user of the pages may look up in an hour; 0: any number."
    )
    afstemning_maks: int = Field(
        default=20,
        ge=0,
        description="How many files a user of the pages may reconcile in a day, with 1000 rows each; 0: any number.",
    )
    liste_minutter: float = Field(
        default=60,
        gt=0,
        description="After how many minutes filters and order of the kommuner's lists of youths, and the figures on "
        "data quality, are worked out again.",
    )
    kvalitet_aaben: bool = Field(
        default=False,
        description="Whether each kommune sees how many reports the senders of the other kommuner make; never figures "
        "of youths.",
    )
    diskretion: int = Field(
        default=5,
        ge=2,
        le=100,
        description="Counts of youths from 1 to below this number are hidden from those who may not see these youths "
        "one by one; figures that are frozen already keep what was hidden then.",
    )
    udtraek_cpr: tuple[str, ...] = Field(
        default=(),
        description="The users (JSON list, as the kernel names who logged in) who may have CPR numbers beside the "
        "statistics extract (--with-cpr).",
    )
    laeselog_aar: int = Field(default=5, ge=1, description="For how many years udb log retention keeps the read log.")
    opbevaring_aar: int = Field(
        default=OPBEVARING_AAR,
        ge=0,
        description="For how many years after the 30th birthday or the death udb retention keeps a youth's data.",
    )
    ur_minutter: float = Field(
        default=MINUTES,
        gt=0,
        le=24 * 60,
        description="By how many minutes this host's clock may differ from the database's, or be behind the last "
        "number drawn and the last block of the read log. Beyond it nothing is done that cannot be taken back.",
    )
    noegler_dage: int = Field(
        default=NOEGLER_DAGE, ge=NOEGLER_DAGE, description="For how many days udb retention keeps call keys."
    )
    slettelog: Path | None = Field(
        default=None,
        description="The file that lists what was deleted; keep it apart from backups. Not given: sletninger.jsonl in "
        "UDB_DATA.",
    )
    laeselog_forsegling: float = Field(
        default=60, gt=0, description="After how many seconds new rows of the read log are sealed."
    )
    laeselog_anker: str | None = Field(
        default=None,
        description="Where each sealed block's hash is kept outside: a file that is there, or the http(s) address of a "
        "time-stamp authority (RFC 3161).",
    )
    laeselog_anker_ca: Path | None = Field(
        default=None,
        validate_default=True,
        description="The CA (PEM, with what leads to it) of the time-stamp authority; needed with its address.",
    )
    tls_certifikat: Path | None = Field(
        default=None,
        description="The service's own certificate (PEM, with what leads to its CA): it answers HTTPS itself.",
    )
    tls_noegle: Path | None = Field(default=None, description="The key of UDB_TLS_CERTIFIKAT (PEM).")
    tls_klient_ca: Path | None = Field(
        default=None, description="The CAs (PEM) whose certificates callers may present over HTTPS; not given: none."
    )
    proxyer: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(),
        description="Addresses or networks (JSON list) of the proxies that hand on certificates as Client-Cert and may "
        "send X-Forwarded-Proto.",
    )
    certifikat_varsel: int = Field(
        default=30, ge=0, description="From how many days before its end a certificate is warned about."
    )
    signatur: Literal["kraev", "tjek"] | None = Field(
        default=None,
        description="kraev: every call must be signed; tjek: those that are signed are checked; "
        "not given: kraev, in the sandbox tjek.",
    )
    svar_noegle: Path | None = Field(
        default=None, description="The RSA key (PEM) that signs answers; not given: answers are not signed."
    )
    svar_certifikat: Path | None = Field(default=None, description="The certificate (PEM) of UDB_SVAR_NOEGLE.")
    signatur_sha1: bool = Field(default=False, description="Whether signatures with RSA-SHA1 and SHA-1 are taken too.")
    adresse: str | None = Field(
        default=None, description="The address before /services, as callers see it; not given: by the Host header."
    )
    portal: Literal["on", "off", "only"] = Field(
        default="on",
        description="The pages for people, /web: on: beside the services; off: none; only: without the services.",
    )
    portal_adresse: str | None = Field(
        default=None,
        description="The address before /web, for browsers; not given: UDB_ADRESSE, else the first of UDB_VAERTER.",
    )
    vaerter: tuple[str, ...] = Field(
        default=("127.0.0.1:8080", "localhost:8080", "[::1]:8080"),
        description="The Host headers, port included, that are accepted for the WSDL and the sandbox (JSON list).",
    )

    @field_validator("database_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and value.partition("://")[0] not in DATABASES:
            raise ValueError("must be postgresql://user:password@host/database or sqlite:///path/to/file")
        if value is not None:
            with_driver(value)
        return value

    @field_validator("read_database_url")
    @classmethod
    def _is_standby(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        if not is_postgresql(value) or not is_postgresql(info.data.get("database_url") or ""):
            raise ValueError("must be a standby of the PostgreSQL server that UDB_DATABASE_URL names")
        return with_driver(value)

    @field_validator("laeselog_anker")
    @classmethod
    def _is_place(cls, value: str | None) -> str | None:
        scheme = (value or "").partition("://")[0]
        if value is not None and (not value.strip() or ("://" in value and scheme not in AUTHORITIES)):
            raise ValueError("must be a file, or the address of a time-stamp authority: https://tsa.example.dk/")
        return value

    @field_validator("laeselog_anker_ca")
    @classmethod
    def _is_of_authority(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if ("://" in (info.data.get("laeselog_anker") or "")) != (value is not None):
            raise ValueError("must be given with the address of a time-stamp authority, and only with that")
        return value

    @property
    def kraever_signatur(self) -> bool:
        """True when every call must be signed."""
        return self.signatur == "kraev" or (self.signatur is None and not self.sandbox)

    @property
    def url(self) -> str:
        """The address of the database for SQLAlchemy; without UDB_DATABASE_URL, of the SQLite file in UDB_DATA."""
        if self.database_url is None:
            return sqlite_url(self.data / "udb.sqlite")
        return with_driver(self.database_url)

    @property
    def ur_afvigelse(self) -> timedelta:
        """The most by which two clocks may differ."""
        return timedelta(minutes=self.ur_minutter)

    @property
    def sletteloggen(self) -> Path:
        """The path of the deletion log."""
        return self.slettelog or self.data / "sletninger.jsonl"

    @property
    def egne_vaerter(self) -> frozenset[str]:
        """The Host headers under which callers reach this service, in lower case."""
        own = (urlsplit(address).netloc for address in (self.adresse, self.portal_adresse) if address)
        return frozenset(host.lower() for host in (*self.vaerter, *own) if host)

    @property
    def portalens_adresse(self) -> str:
        """The portal's own address, before /web, without a slash at its end."""
        return (self.portal_adresse or self.adresse or f"http://{self.vaerter[0]}").rstrip("/")

    @property
    def kald_loft(self) -> int:
        """The most calls a minute that a system may make to one host; 0: any number."""
        if self.kald_i_minuttet is None:
            return 0 if self.sandbox else KALD_I_MINUTTET
        return self.kald_i_minuttet

    @property
    def dage_foer_opslag(self) -> int:
        """The days for which an open course must have been reported before it counts for A11 and 7011."""
        return self._days(self.forloeb_dage, FORLOEB_DAGE)

    @property
    def dage_foer_tilskud(self) -> int:
        """The days for which the end of a course must have been reported before it opens a look-up of a grant."""
        return self._days(self.forloeb_dage_tilskud, FORLOEB_DAGE_TILSKUD)

    def _days(self, given: int | None, otherwise: int) -> int:
        if given is None:
            return 0 if self.sandbox else otherwise
        return given

    @property
    def afvist_loft(self) -> int:
        """The most reports of a system that one host refuses with 1002-1006 in a day; 0: any number."""
        if self.afviste_i_doegnet is None:
            return 0 if self.sandbox else AFVISTE_I_DOEGNET
        return self.afviste_i_doegnet

    def faerre(self, kind: str, *, sandbox: bool) -> int:
        """Return how many percent a file of a kind of import may take away; ``sandbox``: the database is one."""
        given = {
            "institutioner": self.faerre_institutioner,
            "cpr": self.faerre_cpr,
            "eindkomst": self.faerre_eindkomst,
        }[kind]
        if given is None:
            return NO_LIMIT if sandbox else FAERRE[kind]
        return given


def load() -> Settings:
    """Return the settings from the environment. Raises WrongUse, which names each variable with a wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "\n".join(f"UDB_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise WrongUse(wrong) from None
    except SettingsError as error:
        raise WrongUse(f"{error}: write a list as JSON, UDB_VAERTER='[\"udb.example.dk\"]'") from None
