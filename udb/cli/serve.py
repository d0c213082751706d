"""``udb serve``: answer calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

PORTAL: Final = ("on", "off", "only")


class _WithSettings(TyperCommand):
    """Lists every setting below the options."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Read the settings only when help is asked for."""
        from udb.settings import Settings

        lines = ["Settings, from the environment:"]
        for name, field in Settings.model_fields.items():
            default = "" if field.default is None else f" [{field.default}]"
            lines.append(f"UDB_{name.upper()}: {field.description}{default}")
        self.epilog = "\n\n".join(lines)
        super().format_help(ctx, formatter)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=_WithSettings)(serve)


def serve(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Invented youths, a clock that can be set. Same as UDB_SANDBOX=1.")
    ] = False,
    bind: Annotated[str, typer.Option(metavar="ADDRESS:PORT", help="Where to answer.")] = "127.0.0.1:8080",
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="How many processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, metavar="N", help="How many calls a process answers at once.")] = 8,
    portal: Annotated[
        str | None, typer.Option(metavar="on|off|only", help="Same as UDB_PORTAL: the pages for people.")
    ] = None,
    certfile: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Same as UDB_TLS_CERTIFIKAT: answer HTTPS.")
    ] = None,
    keyfile: Annotated[Path | None, typer.Option(metavar="FILE", help="Same as UDB_TLS_NOEGLE.")] = None,
    ca_certs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Same as UDB_TLS_KLIENT_CA: ask for certificates.")
    ] = None,
) -> None:
    """Answer calls until stopped."""
    from udb import settings
    from udb.domain.errors import WrongUse
    from udb.sandbox.running import require_free
    from udb.serve import server

    require_free(bind)
    found = settings.load()
    if sandbox:
        found = found.model_copy(update={"sandbox": True})
    if portal is not None:
        if portal not in PORTAL:
            raise WrongUse(f"--portal {portal}: must be one of {', '.join(PORTAL)}.")
        found = found.model_copy(update={"portal": portal})
    given = {"tls_certifikat": certfile, "tls_noegle": keyfile, "tls_klient_ca": ca_certs}
    found = found.model_copy(update={name: file for name, file in given.items() if file is not None})
    port = bind.rpartition(":")[2]
    own = (bind, f"localhost:{port}")
    found = found.model_copy(update={"vaerter": tuple(dict.fromkeys((*found.vaerter, *own)))})
    server.serve(found, bind=bind, workers=workers, threads=threads)
