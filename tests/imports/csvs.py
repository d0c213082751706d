"""Files in the form in which the registers deliver them."""

import io

CPR = "cprnr;navn;status;kommunekode;nyt_cprnr;mail;telefon"
INSTITUTIONER = "institutionsnummer;navn;hovedinstitution;type3;beliggenhedskommune;administrerende_kommune;lukket"
EGNE_KONTAKTER = "cprnr;mail;telefon;registreret"
EKSAMENSBEVISER = "cprnr;institutionsnummer;cosa_formaal;dato"
EINDKOMST = "cprnr;maaned;indberetter;indtaegtsart;beloeb"
STRANGER = "6101049999"
"""A CPR number that no test registers: a file that says nothing of a youth has a line of it, as it may not be empty."""


def csv(header, *lines):
    return io.BytesIO("".join(f"{line}\n" for line in (header, *lines)).encode())


def cpr(*lines):
    return csv(CPR, *lines)


def institutioner(*lines):
    return csv(INSTITUTIONER, *lines)


def egne_kontakter(*lines):
    return csv(EGNE_KONTAKTER, *lines)


def eksamensbeviser(*lines):
    """Return diplomas; without any, one of a stranger."""
    return csv(EKSAMENSBEVISER, *(lines or [f"{STRANGER};461248;3009;2020-06-26"]))


def eindkomst(month, *lines):
    """Return a month; without a line, one of a stranger."""
    return csv(EINDKOMST, *(lines or [f"{STRANGER};{month};11111111;00;1.00"]))
