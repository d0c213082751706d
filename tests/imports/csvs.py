"""Files in the form in which the registers deliver them."""

import io

CPR = "cprnr;navn;status;kommunekode;nyt_cprnr;mail;telefon"
INSTITUTIONER = "institutionsnummer;navn;hovedinstitution;type3;beliggenhedskommune;administrerende_kommune;lukket"
EKSAMENSBEVISER = "cprnr;institutionsnummer;cosa_formaal;dato"


def csv(header, *lines):
    return io.BytesIO("".join(f"{line}\n" for line in (header, *lines)).encode())


def cpr(*lines):
    return csv(CPR, *lines)


def institutioner(*lines):
    return csv(INSTITUTIONER, *lines)


def eksamensbeviser(*lines):
    return csv(EKSAMENSBEVISER, *lines)
