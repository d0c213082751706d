"""Texts in two languages: Danish for HTTP, SOAP and reports, English for the command line."""

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["da", "en"]
DANISH: Final = "da"
ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    da: str
    en: str

    def said(self, language: Language) -> str:
        """Return the text in a language."""
        return self.da if language == DANISH else self.en

    def __str__(self) -> str:
        """Return the Danish text, so that ``str`` of an exception is the text for HTTP and reports."""
        return self.da


def joined(*texts: Text) -> Text:
    """Join texts with a blank between them; empty ones are left out."""
    return Text(*(" ".join(filter(None, parts)) for parts in zip(*((text.da, text.en) for text in texts), strict=True)))
