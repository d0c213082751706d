// Report a youth's optag to Ungedatabasen in a signed call, with the npm package soap (npm install soap).
//
//   node signed.mjs ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
//
// README.md beside this folder says what these are and what is printed.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import soap from "soap";

const REPORT = "IndberetningUngdomsuddannelse";
const [address, system, key, version, youth, school, , day, certificate, keyFile] = process.argv.slice(2);

const options = { forceSoap12Headers: version === "1.2" };
const client = await soap.createClientAsync(`${address}/services/UDB/${REPORT}/v1?wsdl`, options);
client.addHttpHeader("Authorization", `Basic ${Buffer.from(`${system}:${key}`).toString("base64")}`);
client.setSecurity(new soap.WSSecurityCert(readFileSync(keyFile), readFileSync(certificate), "", {
  signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  // The package's own list begins with enveloped-signature, which the service refuses.
  signatureTransformations: ["http://www.w3.org/2001/10/xml-exc-c14n#"],
}));

// Prints a step as a line of JSON: what the answer has of these fields, every value as text.
function say(step, source, names) {
  const line = { step };
  for (const name of names) {
    const value = source[name];
    if (value !== undefined) line[name] = value instanceof Date ? value.toISOString() : String(value);
  }
  console.log(JSON.stringify(line));
}

const [ping] = await client.PingAsync({});
say("ping", ping, ["Status"]);

const [answer] = await client[`${REPORT}Async`]({
  Identifier: { SystemName: "node soap", SystemTransactionID: randomUUID() },
  Message: {
    [REPORT]: {
      CPRNr: youth,
      InstitutionNummer: school,
      HaendelseDato: `${day}T00:00:00`,
      Status: 1,
      KildeLeverandoer: "Klient på prøve",
      Uddannelse: { COsAFormaal: "3017", COsAFormaalVersion: 2 },
      Annullering: false,
    },
  },
}, { timeout: 30_000 });
say("optag", answer.Message[`${REPORT}Svar`], ["Resultat", "HaendelseNummer", "ForloebId", "Registreringstid"]);
