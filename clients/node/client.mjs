// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with the npm package soap (npm install soap).
//
//   node client.mjs ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed.
import { randomUUID } from "node:crypto";
import soap from "soap";

const REPORT = "IndberetningUngdomsuddannelse";
const FETCH = "DataTilKommune";
const BEFORE_ALL = "UDB-" + "0".repeat(23);
const [address, system, key, version, youth, school, kommune, day] = process.argv.slice(2);
const soap12 = version === "1.2";

const clients = {};
for (const name of [REPORT, FETCH]) {
  // Both ports of the contract have the same address; this option decides envelope and headers.
  const options = { forceSoap12Headers: soap12 };
  clients[name] = await soap.createClientAsync(`${address}/services/UDB/${name}/v1?wsdl`, options);
  clients[name].setSecurity(new soap.BasicAuthSecurity(system, key));
}

// Calls an operation in its envelope; gives the payload of the answer.
async function call(service, operation, payload) {
  const Identifier = { SystemName: "node soap", SystemTransactionID: randomUUID() };
  const request = { Identifier, Message: { [operation]: payload } };
  const [answer] = await clients[service][`${operation}Async`](request, { timeout: 30_000 });
  return answer.Message[`${operation}Svar`];
}

// Prints a step as a line of JSON: what the answer has of these fields, every value as text.
function say(step, source, names) {
  const line = { step };
  for (const name of names) {
    const value = source[name];
    if (value !== undefined) line[name] = value instanceof Date ? value.toISOString() : String(value);
  }
  console.log(JSON.stringify(line));
}

// The report that the youth begins hf. The package keeps this order, and the contract wants it as it is here. A date is
// given as text: of a Date the package would make an empty element.
function optag(changes = {}) {
  const fields = {
    CPRNr: youth,
    HaendelseNummer: undefined,
    InstitutionNummer: school,
    HaendelseDato: `${day}T00:00:00`,
    Status: 1,
    AfbrudsarsagsKode: undefined,
    KildeLeverandoer: "Klient på prøve",
    Uddannelse: { COsAFormaal: "3017", COsAFormaalVersion: 2 },
    Annullering: false,
    ...changes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

// Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
async function fetchEvents(step, criterion) {
  const svar = await call(FETCH, "HentHaendelser", { InstitutionNummer: kommune, ...criterion });
  say(step, svar, ["FindesFlereHaendelser", "HoejesteHaendelseNummer"]);
  for (const ung of svar.HaendelserUng ?? []) {
    for (const event of ung.HaendelseUddannelsesForloeb ?? []) {
      const known = { ...event, CPRNr: ung.CPRNr, COsAFormaal: event.Uddannelse?.COsAFormaal };
      say(`${step}.haendelse`, known, [
        "CPRNr", "HaendelseNummer", "ForloebId", "HaendelseDato", "Status", "KildeLeverandoer", "COsAFormaal",
        "Registreringstid",
      ]);
    }
  }
}

const [ping] = await clients[FETCH].PingAsync({});
say("ping", ping, ["Status"]);

const receipt = await call(REPORT, REPORT, optag());
say("optag", receipt, ["Resultat", "HaendelseNummer", "ForloebId", "Registreringstid"]);

// The same once more, and with a cause that only an afbrud has: refused, with every reason.
const refused = await call(REPORT, REPORT, optag({ AfbrudsarsagsKode: "9" }));
say("afvist", refused, ["Resultat", "Registreringstid"]);
for (const fejl of refused.Fejl) {
  say("afvist.fejl", fejl, ["FejlKode", "Alvor", "FejlTekst", "Element", "VedroererHaendelseNummer"]);
}

try {
  // No system has a dataaftale for this institution.
  await call(REPORT, REPORT, optag({ InstitutionNummer: "000000" }));
} catch (error) {
  const fault = error.root?.Envelope?.Body?.Fault;
  if (!fault) throw error;
  const detail = soap12 ? fault.Detail : fault.detail;
  say("fault", detail.ServiceFaultDetailer, ["ErrorCode", "ErrorMessage"]);
}

await fetchEvents("new", {});
await fetchEvents("number", { HaendelseNummer: BEFORE_ALL });
await fetchEvents("cpr", { CPRNr: youth });
