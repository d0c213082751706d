"""What a file of scenarios may say: the keys of a scenario, a part and each kind of step, and the form of values.

docs/konformitet.md describes the keys for those who write such a file.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from udb.domain import elementer

STRICT: Final = ConfigDict(extra="forbid", strict=True)
_DATES: Final = frozenset({elementer.HAENDELSE_DATO, elementer.STARTDATO})


def _day(value: Any) -> Any:
    if value is not None and not isinstance(value, date):
        raise ValueError("write a date as 2026-08-17 or an instant as 2026-08-17T09:00:00+02:00, both without quotes")
    return value


def _sent_day(value: Any) -> Any:
    if isinstance(value, str) and _is_date(value):
        raise ValueError(f"write {value} without quotes, which is its midnight; in quotes it is sent as it is written")
    return value


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2026-08-17") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _code(value: Any) -> str:
    text = str(value)
    if isinstance(value, bool) or not (len(text) == len("5001") and text.isascii() and text.isdigit()):
        raise ValueError("a code is four digits")
    return text


Day = Annotated[Any, AfterValidator(_day)]
Sent = str | int | bool | date | datetime | list[Any] | None
Codes = list[Annotated[Any, AfterValidator(_code)]]
Names = list[str]
Values = dict[str, Any]
ByName = dict[str, Values]
SOAP_VERSION: Final = r"^1\.[12]$"
METHOD: Final = "^[A-Z]+$"
PATH: Final = "^/"
ID: Final = r"^[a-zæøå0-9]+(-[a-zæøå0-9]+)*$"
OPTIONS: Final = r"^\?"

Soap = Annotated[str, BeforeValidator(str), Field(pattern=SOAP_VERSION)]


class Youth(BaseModel):
    """One youth of the CPR register."""

    model_config = STRICT
    born: date
    status: str | None = None
    kommune: str | None = None
    paalaeg: bool = False
    mail: str | None = None
    telefon: str | None = None


class Person(BaseModel):
    """A change to a youth in the CPR register."""

    model_config = STRICT
    youth: str
    born: date | None = None
    status: str | None = None
    kommune: str | None = None
    mail: str | None = None
    telefon: str | None = None


class Spoil(BaseModel):
    """How a message is damaged before it is sent."""

    model_config = STRICT
    remove: Names = []
    swap: Annotated[Names, Field(min_length=2, max_length=2)] | None = None
    add: str | None = None
    text: dict[str, str] = {}
    replace: dict[str, str] = {}
    cut: Annotated[int, Field(ge=0)] = 0
    pad: Annotated[int, Field(ge=0)] = 0
    headers: dict[str, str] = {}
    to: str | None = None
    without_key: bool = False
    wrong_key: bool = False


class Http(BaseModel):
    """A request without SOAP."""

    model_config = STRICT
    method: Annotated[str, Field(pattern=METHOD)]
    path: Annotated[str, Field(pattern=PATH)]
    service: str | None = None


class Part(BaseModel):
    """Steps with their clock and youths."""

    model_config = STRICT
    name: str
    clock: Day = None
    youths: dict[str, Youth] | None = None
    each: Annotated[dict[str, list[Any]], Field(min_length=1, max_length=1)] | None = None
    steps: Annotated[list[Values], Field(min_length=1)]


class Scenario(BaseModel):
    """One scenario: ``steps`` of its own, or ``parts``."""

    model_config = STRICT
    id: Annotated[str, Field(pattern=ID)]
    name: str
    krav: Names = []
    advice: str = ""
    rule: Annotated[Any, AfterValidator(_code)] = None
    readings: Names = []
    last: bool = False
    clock: Day = None
    youths: dict[str, Youth] | None = None
    each: Annotated[dict[str, list[Any]], Field(min_length=1, max_length=1)] | None = None
    steps: Annotated[list[Values], Field(min_length=1)] | None = None
    parts: Annotated[list[Part], Field(min_length=1)] | None = None


class File(BaseModel):
    """A file of scenarios."""

    model_config = STRICT
    scenarios: Annotated[list[Scenario], Field(min_length=1)]


_CHANGING: Final = {"clock": Day, "person": Person, "change": str, "to": str, "born": date}
_FAULT: Final = {"fault": str, "side": str, "status": int, "headers": Names, "names": Names}
_CALLING: Final = {"soap": Soap, "system": str, elementer.SYSTEM_TRANSACTION_ID: str, **_FAULT, "codes": Codes}
_ELEMENTS: Final = {
    name: Annotated[Sent, AfterValidator(_sent_day)] if name in _DATES else Sent for name in elementer.ATTRIBUTE
}
_SENDING: Final = {
    **_ELEMENTS,
    **_CALLING,
    **dict.fromkeys(("as", "same_as", "refers", "forloeb_of", "not_forloeb_of"), str),
    "answer": Values,
    "spoil": Spoil,
}
_FETCHING: Final = {
    **_CALLING,
    "cpr": str,
    "after": str,
    "pages": Annotated[int, Field(gt=0)],
    "highest": str | None,
    "more": bool,
    "shows": Names,
    "cancels": Names,
    "ordered": bool,
    "kinds": Names,
    "youths": Names,
    "hides": Names,
    "youth": ByName,
    "event": ByName,
    "order": dict[str, Names],
}


def _model(name: str, keys: Mapping[str, Any]) -> type[BaseModel]:
    """Return the model of a kind of step; its own key must be there, the others may."""
    fields: dict[str, Any] = {key: (kind, None) for key, kind in {**_CHANGING, **keys}.items()}
    if name in fields:
        fields[name] = (fields[name][0], ...)
    return create_model(name, __config__=STRICT, **fields)


_KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "send": {"send": str, **_SENDING},
    "cancel": {"cancel": str, **_SENDING},
    "fetch": {"fetch": str, **_FETCHING},
    "call": {"call": Values, **_CALLING, "answer": Values},
    "import": {"import": str, "rows": list[Values], "options": Annotated[str, Field(pattern=OPTIONS)]},
    "ping": {"ping": str, "soap": Soap},
    "contract": {"contract": str},
    "http": {"http": Http, "soap": Soap, **_FAULT},
    "change": {},
}
STEPS: Final[Mapping[str, type[BaseModel]]] = {name: _model(name, keys) for name, keys in _KINDS.items()}
"""By the key that says what a step does; ``change`` is also a step that only changes something."""
CHANGES: Final = ("clock", "person", "change")
