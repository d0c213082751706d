"""The statements of the fair floor (``benchmarks.fair_floor``), for PostgreSQL."""

from typing import Final

from udb.domain.haendelse import FIELDS

_INSTITUTION: Final = (
    "i.nummer, i.hovedinstitution, i.type3, i.beliggenhedskommune, i.administrerende_kommune, i.lukket, i.in_register"
)
_EVENT: Final = ", ".join(
    "coalesce(i.hovedinstitution, h.institution_nummer)" if name == "hovedinstitution" else f"h.{name}"
    for name in FIELDS
)

WHO: Final = "SELECT noegle_salt, noegle_hash, spaerret FROM system WHERE id = $1::varchar"
ADMIT: Final = f"""
SELECT (SELECT value FROM state WHERE name = 'kodesaet_edition'), (SELECT value FROM state WHERE name = 'sandbox_ur'),
  d.id, d.fra, d.til, {_INSTITUTION}
FROM (SELECT 1) one LEFT JOIN institution i ON i.nummer = $2::varchar
LEFT JOIN dataaftale d ON d.system_id = $1::varchar AND d.institution_nummer = $2::varchar
  AND d.service IN ($3::varchar, 'alle')"""  # noqa: S608 - names of ours, here and below
LOCK: Final = """
SELECT p.id, p.cprnr, p.status, p.kommunekode, p.turns_15, p.turns_18, p.turns_25, p.turns_30
FROM person p JOIN cprnummer c ON c.person_id = p.id WHERE c.cprnr = $1::varchar FOR NO KEY UPDATE OF p"""
HISTORY: Final = f"""
SELECT (SELECT person_id FROM cprnummer WHERE cprnr = $1::varchar), k.content_hash, k.receipt, {_EVENT}
FROM (SELECT 1) one LEFT JOIN call_key k ON k.system_id = $2::varchar AND k.operation = $3::varchar
  AND k.institution_nummer = $4::varchar AND k.transaction_id = $5::varchar
LEFT JOIN (haendelse h LEFT JOIN institution i ON i.nummer = h.institution_nummer) ON h.person_id = $6::bigint
ORDER BY h.nummer"""  # noqa: S608
DRAW: Final = "UPDATE counter SET last = greatest(last::numeric + 1, $1::varchar::numeric)::varchar RETURNING last"
STORE: Final = """
WITH e AS (
  INSERT INTO haendelse (nummer, plads, forloeb_id, art, person_id, cprnr, service, institution_nummer, haendelse_dato,
    registreringstid, kilde_leverandoer, status, kodesaet, kode, kode_version, annullering, annulleret, gentaget,
    udgaaet, i_fuldfoert, til_10, vist, vis_praktiksted, aabent_hos, speciale, praktiksted, gennemfoert_hf,
    frafaldstruet_markering, afbrudsarsags_kode)
  VALUES ($1::varchar, $1::varchar, $2::varchar, 'uddannelse', $3::bigint, $4::varchar, $5::varchar, $6::varchar,
    $7::date, $8::timestamp, $9::varchar, $10::smallint, 'cosa_formaal', $11::varchar, $12::integer, $13, false, false,
    false, false, false, true, true, $14::varchar, $15::varchar, $16::varchar, $17, $18, $19::varchar)),
k AS (
  INSERT INTO call_key (system_id, operation, institution_nummer, transaction_id, content_hash, receipt, created)
  VALUES ($20::varchar, $5::varchar, $6::varchar, $21::varchar, $22::varchar, $23::json, $24::timestamp)),
r AS (
  INSERT INTO read_log (tid, system_id, institution_nummer, operation, correlation_id, klausul, personer)
  VALUES ($24::timestamp, $20::varchar, $6::varchar, $5::varchar, $25::varchar, 'indberetning', $26::json))
SELECT value FROM state WHERE name = 'kodesaet_edition'"""
PAGE: Final = """
SELECT p.cprnr, h.person_id, h.nummer, h.annulleret_haendelse_nummer, h.forloeb_id, h.institution_nummer,
  h.haendelse_dato, h.status, h.afbrudsarsags_kode, h.kilde_leverandoer, h.elev_trin, h.klasse_trin, h.klasse_type,
  h.klasse_navn, h.annullering, h.kode, h.kode_version, h.speciale, h.praktiksted, h.skoleperiode,
  h.vedroerer_haendelse_nummer, h.registreringstid, h.frafaldstruet_markering
FROM haendelse h JOIN person p ON p.id = h.person_id
WHERE h.hjemkommune = $1::varchar AND h.nummer > $2::varchar ORDER BY h.nummer LIMIT 1001"""
ELEMENTS: Final = (
    "AnnulleretHaendelseNummer",
    "ForloebId",
    "InstitutionNummer",
    "HaendelseDato",
    "Status",
    "AfbrudsarsagsKode",
    "KildeLeverandoer",
    "ElevTrin",
    "KlasseTrin",
    "KlasseType",
    "KlasseNavn",
    "Annullering",
    "COsAFormaal",
    "COsAFormaalVersion",
    "Speciale",
    "Praktiksted",
    "Skoleperiode",
    "VedroererHaendelseNummer",
    "Registreringstid",
    "FrafaldstruetMarkering",
)
"""The elements that the page's columns become, from the fourth on."""
MARK: Final = """
INSERT INTO hentet (system_id, modtager, hentet_tid, hentet_system, nummer)
SELECT $1::varchar, $2::varchar, $3::timestamp, $4::timestamp, unnest(string_to_array($5::varchar, ' '))
ON CONFLICT DO NOTHING"""
READ: Final = """
INSERT INTO read_log (tid, system_id, institution_nummer, operation, correlation_id, klausul, personer, fra_nummer,
  til_nummer)
VALUES ($1::timestamp, $2::varchar, $3::varchar, 'HentHaendelser', $4::varchar, 'A1', $5::json, $6::varchar,
  $7::varchar)"""
