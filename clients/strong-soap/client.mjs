// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with the npm package strong-soap (npm install
// strong-soap).
//
//   node client.mjs ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed.
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { soap } from "strong-soap";

const REPORT = "IndberetningUngdomsuddannelse";
const FETCH = "DataTilKommune";
const BEFORE_ALL = "UDB-" + "0".repeat(23);
const [address, system, key, version, youth, school, kommune, day] = process.argv.slice(2);

const createClient = promisify(soap.createClient);
const ports = {};
for (const name of [REPORT, FETCH]) {
  const client = await createClient(`${address}/services/UDB/${name}/v1?wsdl`, {});
  client.setSecurity(new soap.BasicAuthSecurity(system, key));
  // The contract has a port for each SOAP version.
  ports[name] = client[`${name}Service`][`${name}Soap${version.replace(".", "")}`];
}

// Sends the element <operation>Request; gives what is in the answer's. Throws the error of a fault.
async function post(service, operation, content) {
  const { result } = await ports[service][operation]({ [`${operation}Request`]: content }, { timeout: 30_000 });
  return result;
}

// Calls an operation in its envelope; gives the payload of the answer.
async function call(service, operation, payload) {
  const Identifier = { SystemName: "strong-soap", SystemTransactionID: randomUUID() };
  const answer = await post(service, operation, { Identifier, Message: { [operation]: payload } });
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

// What the contract allows many of is an object when there is one, and absent when there is none.
function list(value) {
  return value === undefined ? [] : [value].flat();
}

// The report that the youth begins hf. The package puts the fields into the contract's order.
function optag(changes = {}) {
  return {
    CPRNr: youth,
    InstitutionNummer: school,
    HaendelseDato: `${day}T00:00:00`,
    Status: 1,
    KildeLeverandoer: "Klient på prøve",
    Uddannelse: { COsAFormaal: "3017", COsAFormaalVersion: 2 },
    Annullering: false,
    ...changes,
  };
}

// Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
async function fetchEvents(step, criterion) {
  const svar = await call(FETCH, "HentHaendelser", { InstitutionNummer: kommune, ...criterion });
  say(step, svar, ["FindesFlereHaendelser", "HoejesteHaendelseNummer"]);
  for (const ung of list(svar.HaendelserUng)) {
    for (const event of list(ung.HaendelseUddannelsesForloeb)) {
      const known = { ...event, CPRNr: ung.CPRNr, COsAFormaal: event.Uddannelse?.COsAFormaal };
      say(`${step}.haendelse`, known, [
        "CPRNr", "HaendelseNummer", "ForloebId", "HaendelseDato", "Status", "KildeLeverandoer", "COsAFormaal",
        "Registreringstid",
      ]);
    }
  }
}

say("ping", await post(FETCH, "Ping", {}), ["Status"]);

const receipt = await call(REPORT, REPORT, optag());
say("optag", receipt, ["Resultat", "HaendelseNummer", "ForloebId", "Registreringstid"]);

// The same once more, and with a cause that only an afbrud has: refused, with every reason.
const refused = await call(REPORT, REPORT, optag({ AfbrudsarsagsKode: "9" }));
say("afvist", refused, ["Resultat", "Registreringstid"]);
for (const fejl of list(refused.Fejl)) {
  say("afvist.fejl", fejl, ["FejlKode", "Alvor", "FejlTekst", "Element", "VedroererHaendelseNummer"]);
}

try {
  // No system has a dataaftale for this institution.
  await call(REPORT, REPORT, optag({ InstitutionNummer: "000000" }));
} catch (error) {
  const fault = error.root?.Envelope?.Body?.Fault;
  if (!fault) throw error;
  const detail = version === "1.2" ? fault.Detail : fault.detail;
  say("fault", detail.ServiceFaultDetailer, ["ErrorCode", "ErrorMessage"]);
}

await fetchEvents("new", {});
await fetchEvents("number", { HaendelseNummer: BEFORE_ALL });
await fetchEvents("cpr", { CPRNr: youth });
