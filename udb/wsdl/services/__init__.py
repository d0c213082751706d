"""One module per service; FUNCTIONS has the spyne service of each, by the service's name."""

from typing import Any, Final

from udb.wsdl.services import (
    data_til_dfdg,
    data_til_institution,
    data_til_kommune,
    fgu,
    forberedende_aktivitet,
    institution_kontakt,
    jobcenter,
    kommune_aktivitet,
    kontakt_tilbudstid,
    kontaktperson,
    onsker,
    status_henvisning,
    ungdomsuddannelse,
    videregaaende,
)

_MODULES = (
    ungdomsuddannelse,
    fgu,
    forberedende_aktivitet,
    videregaaende,
    kommune_aktivitet,
    kontakt_tilbudstid,
    kontaktperson,
    onsker,
    institution_kontakt,
    jobcenter,
    data_til_kommune,
    data_til_institution,
    status_henvisning,
    data_til_dfdg,
)

FUNCTIONS: Final[dict[str, Any]] = {module.SERVICE.name: module.FUNCTIONS for module in _MODULES}
