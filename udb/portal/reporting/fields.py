"""The kinds of fields of the reporting forms. What they let through is valid by the contract's schema; the rest is for
the rules.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from wtforms import Field, IntegerField, RadioField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from udb.wsdl.xml.lexical import UNSAFE, read_token

_YEARS: Final = range(1900, 3000)
"""The years of DatoTidType."""
_WHOLE_DATE: Final = re.compile(r"\s*(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})\s*", re.ASCII)
_CPR: Final = re.compile(r"(\d{6})[- ]?(\d{4})", re.ASCII)
_NINE: Final = re.compile(r"\d{5}-?\d{4}", re.ASCII)
_MARKUP: Final = frozenset("&<>\r")


class TextField(StringField):
    """A text of at most ``most`` characters, kept as an ``xs:token``; ``options``: proposals, code and text."""

    def __init__(
        self, label: str, most: int, *, hint: str = "", wanted: str = "", options: Any = (), **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.most, self.hint, self.wanted = most, hint, wanted
        self.options: Sequence[tuple[str, str]] = options

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text without outer blanks; nothing at all is None."""
        self.data = (read_token(valuelist[0]) or None) if valuelist else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what an element cannot hold."""
        if self.data is None:
            if self.wanted:
                raise ValidationError(self.wanted)
            return
        if len(self.data) > self.most:
            raise ValidationError(f"Skriv højst {self.most} tegn.")
        if any(sign not in _MARKUP for sign in UNSAFE.findall(self.data)):
            raise ValidationError("Teksten har tegn, der ikke kan sendes. Skriv den igen.")


class CodeField(TextField):
    """A code, or the text of one: a text that is that of exactly one proposal becomes its code."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the code."""
        super().process_formdata(valuelist)
        if self.data is None:
            return
        said = self.data.casefold()
        codes = {code for code, text in self.options if said in {code.casefold(), text.casefold(), _both(code, text)}}
        if len(codes) == 1:
            (self.data,) = codes

    @property
    def text(self) -> str | None:
        """What the code means; None for a code that is not proposed."""
        return next((text for code, text in self.options if code == self.data), None)


def _both(code: str, text: str) -> str:
    return f"{code} {text}".casefold()


class CprField(StringField):
    """A CPR number, with or without the hyphen."""

    hint = "10 cifre, med eller uden bindestreg"

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the ten digits; anything else is kept as it was typed."""
        said = valuelist[0].strip() if valuelist else ""
        found = _CPR.fullmatch(said)
        self.data = found[1] + found[2] if found else said

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no number of ten digits."""
        if not self.data:
            raise ValidationError("Skriv CPR-nummeret.")
        if _NINE.fullmatch(self.data):
            raise ValidationError("CPR-nummeret har kun 9 cifre. Mangler der et 0 forrest? (Excel fjerner det.)")
        if not _CPR.fullmatch(self.data):
            raise ValidationError("Skriv CPR-nummeret som 10 cifre, fx 010203-1234.")


class NumberField(IntegerField):
    """A whole number between two, both included; it may be left out."""

    def __init__(self, label: str, least: int, most: int, *, hint: str = "", **more: Any) -> None:
        super().__init__(label, [Optional()], **more)
        self.least, self.most, self.hint = least, most, hint

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the number."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        if not re.fullmatch(r"\d{1,3}", valuelist[0].strip(), re.ASCII):
            raise ValueError(self._wanted)
        self.data = int(valuelist[0])
        if not self.least <= self.data <= self.most:
            raise ValueError(self._wanted)

    @property
    def _wanted(self) -> str:
        return f"Skriv et helt tal fra {self.least} til {self.most}."


class DateField(Field):
    """A date in three fields; one that is pasted whole into the first is split."""

    PARTS: Final = (("dag", "Dag"), ("maaned", "Måned"), ("aar", "År"))

    def __init__(self, label: str, *, hint: str = "", **more: Any) -> None:
        super().__init__(label, **more)
        self.hint = hint
        self.data: date | None = None
        self.said: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the three fields."""
        self.process_errors: list[str] = []
        self.said = ("", "", "")
        if formdata is not None:
            day, month, year = (formdata.get(f"{self.name}-{part}", "").strip() for part, _ in self.PARTS)
            whole = _WHOLE_DATE.fullmatch(day) if not month and not year else None
            self.said = (whole[1], whole[2], whole[3]) if whole else (day, month, year)
        self.data = _date(*self.said)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no date."""
        if not any(self.said):
            raise ValidationError("Skriv datoen.")
        if self.data is None:
            raise ValidationError("Datoen findes ikke. Skriv dag, måned og år med fire cifre, fx 17 8 2026.")


def _date(day: str, month: str, year: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


class _Chosen:
    """A choice among what the page offers; ``wanted``: said when nothing is chosen, empty: nothing need be."""

    hint = ""
    wanted = ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what the page does not offer."""
        if not self.data:
            if self.wanted:
                raise ValidationError(self.wanted)
        elif self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Vælg på listen.")

    data: str | None
    iter_choices: Any


class ListField(_Chosen, SelectField):
    """One choice of a list."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], *, wanted: str = "", **more: Any) -> None:
        super().__init__(label, choices=[SelectChoice(*choice) for choice in choices], **more)
        self.wanted = wanted


class RadiosField(_Chosen, RadioField):
    """One choice of a few."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(label, choices=[SelectChoice(*choice) for choice in choices], **more)
