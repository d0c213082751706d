"""The same contract on spyne as it is installed: its own SOAP protocol with lxml validation, its own serializer; our
use cases behind it, and our authentication.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final
from uuid import uuid4
from wsgiref.types import WSGIApplication

from lxml import etree
from spyne import Application, DateTime
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

from udb.context import Context
from udb.domain.services import SERVICES
from udb.hentning.answer import HaendelserUng
from udb.hentning.page_row import PageRow
from udb.paths import CONTRACT
from udb.wsdl.endpoint.operation import FUNCTIONS, Session, Soap
from udb.wsdl.endpoint.protocol import silence_spyne
from udb.wsdl.use_cases import USE_CASES
from udb.wsdl.xml import lexical


def stock(context: Context, services: tuple[str, ...]) -> WSGIApplication:
    """Return some services, each on its path."""
    soap = Soap(context, USE_CASES)
    silence_spyne()
    mounted = {SERVICES[name].path: _mount(soap, name) for name in services}
    return lambda environ, start_response: mounted[environ["PATH_INFO"]](environ, start_response)


def _mount(soap: Soap, name: str) -> WSGIApplication:
    service = SERVICES[name]
    app = Application(
        [FUNCTIONS[name]],
        tns=service.namespace,
        name=name,
        in_protocol=Soap11(validator="lxml"),
        out_protocol=Soap11(),
    )

    # The date format of the vejledning, as spyne lets it be set.
    app.out_protocol._to_unicode_handlers[DateTime] = lambda _cls, value: lexical.write_datetime(value)  # noqa: SLF001 - spyne has no other
    # The schema that spyne makes itself cannot say that the payload has a namespace of its own.
    app.in_protocol.validation_schema = etree.XMLSchema(etree.parse(CONTRACT / f"{name}.xsd"))

    def unfold(ctx: Any) -> None:
        # spyne takes a tuple for a list of members.
        envelope = ctx.out_object[0]
        answer = getattr(envelope.message.payload, "haendelser_ung", None) and envelope.message.payload
        if answer:
            youths = tuple(map(_unfolded, answer.haendelser_ung))
            message = SimpleNamespace(payload=replace(answer, haendelser_ung=youths))
            ctx.out_object[0] = replace(envelope, message=message)

    def begin(ctx: Any) -> None:
        session = Session(soap, service, str(uuid4()))
        session.caller = soap.context.authenticate(ctx.transport.req_env)
        session.operation = str(ctx.descriptor.name).removesuffix("Request")
        ctx.udc = session

    app.event_manager.add_listener("method_call", begin)
    app.event_manager.add_listener("method_return_object", unfold)
    application: WSGIApplication = WsgiApplication(app)
    return application


_EVENTS: Final = (
    "haendelse_uddannelses_forloeb",
    "haendelse_jobcenter_forloeb",
    "haendelse_beskaeftigelses_forloeb",
    "haendelse_social_ydelse",
    "haendelse_uddannelsespaalaeg",
    "haendelse_kontakt_tilbudstid",
)


def _unfolded(youth: HaendelserUng) -> HaendelserUng:
    events: dict[str, Any] = {name: list(map(_plain, getattr(youth, name))) for name in _EVENTS}
    return replace(youth, **events)


def _plain(event: PageRow) -> SimpleNamespace:
    return SimpleNamespace(**event._asdict(), uddannelse=event.uddannelse and _education(event))


def _education(event: PageRow) -> SimpleNamespace:
    return SimpleNamespace(cosa_formaal=event.cosa_formaal, cosa_formaal_version=event.cosa_formaal_version)
