"""One receipt type for each report service; all have the elements of the receipt of contract 4.1."""

from udb.wsdl.models.shared import KvitteringType


class IndberetningUngdomsuddannelseSvarType(KvitteringType):
    """The receipt of IndberetningUngdomsuddannelse."""


class IndberetningForberedendeGrundUddannelseSvarType(KvitteringType):
    """The receipt of IndberetningForberedendeGrundUddannelse."""


class IndberetningForberedendeAktivitetSvarType(KvitteringType):
    """The receipt of IndberetningForberedendeAktivitet."""


class IndberetningVideregaaendeUddannelseSvarType(KvitteringType):
    """The receipt of IndberetningVideregaaendeUddannelse."""


class IndberetningKommuneAktivitetSvarType(KvitteringType):
    """The receipt of IndberetningKommuneAktivitet."""


class IndberetningKontaktTilbudstidSvarType(KvitteringType):
    """The receipt of IndberetningKontaktTilbudstid."""


class IndberetningKontaktpersonSvarType(KvitteringType):
    """The receipt of IndberetningKontaktperson."""


class IndberetningOnskerSvarType(KvitteringType):
    """The receipt of IndberetningOnsker."""


class IndberetInstitutionKontaktSvarType(KvitteringType):
    """The receipt of IndberetInstitutionKontakt."""


class IndberetningJobcenterSvarType(KvitteringType):
    """The receipt of IndberetningJobcenter."""
