"""The compiled codec writes the same as stock spyne, and reads its own output."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from spyne import Boolean, DateTime, Integer, Unicode
from spyne.model.complex import ComplexModelBase
from spyne.model.primitive.xml import Token
from spyne.protocol.xml import XmlDocument

from udb.domain.clock import DANISH
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.wsdl.models import envelope, events, fetch, other_reports, receipts, reports, shared
from udb.wsdl.xml import codec

NAMESPACE = SERVICES["DataTilKommune"].namespace
WRAPPED = envelope.response(SERVICES["DataTilKommune"], "HentHaendelser", fetch.HaendelserSvarType)
EVERY = [
    *(
        kind
        for module in (reports, other_reports, receipts, events, fetch, shared)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ComplexModelBase) and kind.__module__ == module.__name__
    ),
    WRAPPED,
]

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXT = st.text(CHARACTERS | st.sampled_from("<>&\"'\t\n\r "), max_size=12)
TOKENS = st.text(CHARACTERS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
EARLIEST, LATEST = (datetime(year, 6, 1, tzinfo=DANISH).replace(tzinfo=None) for year in (1900, 2999))
TIMES = st.datetimes(EARLIEST, LATEST).map(
    # By way of UTC: no Danish time that is skipped when the clocks go forward.
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC).astimezone(DANISH)
)


def simple_values(kind):
    if kind.Attributes.values:
        return st.sampled_from(sorted(kind.Attributes.values))
    for base, strategy in (
        (Boolean, st.booleans()),
        (Integer, st.integers(-(2**31), 2**31 - 1)),
        (DateTime, TIMES),
        (Token, TOKENS),
        (Unicode, TEXT),
    ):
        if issubclass(kind, base):
            return strategy
    raise AssertionError(kind)


def values(kind):
    """Return instances of a model, lists short so that the whole tree stays small."""
    if not issubclass(kind, ComplexModelBase):
        return simple_values(kind)
    members = {}
    for attribute, member in kind.get_flat_type_info(kind).items():
        strategy = values(member)
        if member.Attributes.max_occurs > 1:
            strategy = st.lists(strategy, max_size=2)
        elif member.Attributes.min_occurs == 0:
            strategy = st.none() | strategy
        members[attribute] = strategy
    model = kind.__orig__ or kind
    return st.fixed_dictionaries(members).map(lambda found: model(**found))


def stock(model, instance, namespace, name):
    """Return what spyne itself writes, with the date form of the vejledning."""
    protocol = XmlDocument()
    protocol._to_unicode_handlers[DateTime] = lambda _cls, value: value.isoformat(timespec="milliseconds")
    parent = etree.Element("root")
    context = SimpleNamespace(outprot_ctx=SimpleNamespace(doctype_written=True), protocol=SimpleNamespace())
    protocol.to_parent(context, model, instance, parent, namespace, name)
    return canonical(etree.tostring(parent[0], encoding="unicode"))


def canonical(xml):
    """Return C14N without the prefixes, which carry no meaning."""
    return etree.canonicalize(xml, rewrite_prefixes=True)


def ours(pieces, name):
    start = f'<{name} xmlns:v1="{PAYLOAD_NAMESPACE}" xmlns:ipl="{NAMESPACE}">'
    return "".join(pieces).replace(f"<{name}>", start, 1).encode()


def place(model):
    wrapped = model is WRAPPED
    return ("ipl:Svar", NAMESPACE) if wrapped else ("v1:Svar", PAYLOAD_NAMESPACE)


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model.get_type_name())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_the_codec_writes_what_spyne_writes_and_reads_it_back(model, data):
    instance = data.draw(values(model))
    name, namespace = place(model)
    whole = ours([codec.writer(model, name)(instance)], name)
    assert canonical(whole.decode()) == stock(model, instance, namespace, "Svar")
    assert ours(codec.block_writer(model, name)(instance), name) == whole
    read = codec.reader(model)(etree.fromstring(whole))
    assert comparable(read) == comparable(instance)


def comparable(value):
    if isinstance(value, list | tuple):
        return [comparable(one) for one in value]
    if isinstance(value, ComplexModelBase):
        cls = type(value)
        found = {name: getattr(value, name, None) for name in cls.get_flat_type_info(cls)}
        return {name: comparable(one) for name, one in found.items() if one not in (None, [])}
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def test_lists_come_in_blocks():
    youths = (SimpleNamespace(cprnr=f"61{number:08}", haendelse_uddannelses_forloeb=()) for number in range(120))
    page = SimpleNamespace(
        fejl=(), findes_flere_haendelser=False, hoejeste_haendelse_nummer=None, haendelser_ung=youths
    )
    pieces = list(codec.block_writer(fetch.HentMarkeringerSvarType, "v1:Svar")(page))
    assert [piece.count("CPRNr>") // 2 for piece in pieces if "CPRNr" in piece] == [50, 50, 20]


def test_what_is_read_has_every_attribute():
    read = codec.reader(other_reports.IndberetningOnskerType)(
        etree.fromstring(f'<x xmlns="{PAYLOAD_NAMESPACE}"><CPRNr>6101051234</CPRNr></x>')
    )
    assert (read.cprnr, read.job_onsker, read.slet) == ("6101051234", [], None)
