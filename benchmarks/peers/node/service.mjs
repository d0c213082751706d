// The contest's peer on the npm package soap: the insert and the page of benchmarks/floor.py, by the service's own contract.
//
//   node service.mjs CONTRACTS PORT DATABASE-PORT
//
// No schema validation: the package has none. No rules, no access, no log, no check of who calls.
import http from "node:http";
import path from "node:path";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import pg from "pg";
import soap from "soap";

const [contracts, port, databasePort] = process.argv.slice(2);
const REPORT = "IndberetningUngdomsuddannelse";
const FETCH = "DataTilKommune";
const PAGE = 1000;
// The tables' columns and the elements that carry them; the parameters come from the benchmark, which has them from the floor.
const { stored, told } = JSON.parse(process.env.UDB_PEER);

// Dates and times as the database writes them.
for (const kind of [1082, 1114, 1184]) pg.types.setTypeParser(kind, (value) => value);
const database = new pg.Client({ host: "127.0.0.1", port: Number(databasePort), user: "postgres", database: "postgres" });
await database.connect();

const values = stored.map(([column]) => column);
const INSERT = {
  name: "insert",
  text: `INSERT INTO benchmark_floor (${values.join(", ")}) VALUES (${values.map((_, i) => `$${i + 1}`).join(", ")})`,
};
const SELECT = {
  name: "select",
  text:
    `SELECT p.cprnr, h.nummer, ${told.map(([column]) => `h.${column}`).join(", ")} FROM haendelse h ` +
    "JOIN person p ON p.id = h.person_id " +
    "JOIN institution i ON i.administrerende_kommune = p.kommunekode AND i.type3 = 'KOM' " +
    `WHERE i.nummer = $1 AND h.nummer > $2 ORDER BY h.nummer LIMIT ${PAGE}`,
  rowMode: "array",
};

function answered(request, operation, payload) {
  return { Identifier: request.Identifier, CorrelationID: randomUUID(), Message: { [`${operation}Svar`]: payload } };
}

async function report(request) {
  const { Uddannelse, ...sent } = request.Message[REPORT];
  const all = { ...sent, ...Uddannelse };
  await database.query({ ...INSERT, values: stored.map(([, element]) => text(all[element])) });
  return answered(request, REPORT, { Resultat: "Accepteret", Registreringstid: new Date().toISOString() });
}

// The package makes a Date of a dateTime.
function text(value) {
  if (value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

async function fetchPage(request) {
  const asked = request.Message.HentHaendelser;
  const { rows } = await database.query({ ...SELECT, values: [asked.InstitutionNummer, asked.HaendelseNummer ?? ""] });
  const youths = new Map();
  for (const [cprnr, nummer, ...row] of rows) {
    const event = { HaendelseNummer: nummer };
    told.forEach(([, element], i) => {
      if (row[i] !== null) event[element] = row[i];
    });
    if (!youths.has(cprnr)) youths.set(cprnr, []);
    youths.get(cprnr).push(event);
  }
  const HaendelserUng = [...youths].map(([CPRNr, events]) => ({ CPRNr, HaendelseUddannelsesForloeb: events }));
  return answered(request, "HentHaendelser", { FindesFlereHaendelser: true, HaendelserUng });
}

const server = http.createServer((_, response) => response.writeHead(404).end());
for (const [service, operation, work] of [
  [REPORT, REPORT, report],
  [FETCH, "HentHaendelser", fetchPage],
]) {
  const file = path.join(contracts, `${service}.wsdl`);
  const functions = { [operation]: work };
  soap.listen(server, {
    path: `/services/UDB/${service}/v1`,
    services: { [`${service}Service`]: { [`${service}Soap11`]: functions, [`${service}Soap12`]: functions } },
    xml: readFileSync(file, "utf-8"),
    uri: file,
  });
}
server.listen(Number(port), "127.0.0.1");
