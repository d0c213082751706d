// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with gSOAP (Debian: gsoap libgsoap-dev g++).
//
//   ./build.sh ADDRESS FOLDER SOAP
//   FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed. The SOAP version is chosen when it is built.
#include <cstdio>
#include <iostream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "DataTilKommuneSoap11Binding.nsmap"
#include "soapDataTilKommuneSoap11BindingProxy.h"
#include "soapIndberetningUngdomsuddannelseSoap11BindingProxy.h"

using Fields = std::vector<std::pair<const char *, std::string>>;

static const std::string BEFORE_ALL = "UDB-" + std::string(23, '0');
static std::string address, systemId, key, soapVersion, youth, school, kommune, day;

static std::string quoted(const std::string &text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

// Prints a step as a line of JSON: every value as text, what is absent (empty) left out.
static void say(const std::string &step, const Fields &fields) {
    std::cout << "{\"step\":" << quoted(step);
    for (const auto &[name, value] : fields)
        if (!value.empty()) std::cout << ',' << quoted(name) << ':' << quoted(value);
    std::cout << '}' << std::endl;
}

static std::string text(const std::string *value) { return value ? *value : ""; }
static std::string text(const bool *value) { return value ? (*value ? "true" : "false") : ""; }

static std::string transaction() {
    static int calls = 0;
    return std::to_string(time(nullptr)) + "-" + std::to_string(getpid()) + "-" + std::to_string(++calls);
}

// Before every call: gSOAP forgets both after each.
static void authenticate(struct soap *soap) {
    soap->userid = systemId.c_str();
    soap->passwd = key.c_str();
}

static void stop(struct soap *soap) {
    soap_print_fault(soap, stderr);
    exit(1);
}

using Report = IndberetningUngdomsuddannelseSoap11BindingProxy;
using Fetch = DataTilKommuneSoap11BindingProxy;

// Reports that the youth begins hf; gives the receipt, or null when the answer is a fault. All lives as long as the proxy.
static v1__IndberetningUngdomsuddannelseSvarType *optag(Report &proxy, const std::string &at, std::string *cause) {
    v1__UddannelseType uddannelse;
    uddannelse.COsAFormaal = "3017";
    uddannelse.COsAFormaalVersion = 2;
    v1__IndberetningUngdomsuddannelseType report;
    report.CPRNr = youth;
    report.InstitutionNummer = at;
    report.HaendelseDato = day + "T00:00:00";
    report.Status = 1;
    report.AfbrudsarsagsKode = cause;
    report.KildeLeverandoer = "Klient på prøve";
    report.Uddannelse = &uddannelse;
    report.Annullering = false;
    indberetning__IndberetningUngdomsuddannelseIdentifierType identifier;
    identifier.SystemName = "gSOAP";
    identifier.SystemTransactionID = transaction();
    indberetning__IndberetningUngdomsuddannelseRequestMessageType message;
    message.v1__IndberetningUngdomsuddannelse = &report;
    _indberetning__IndberetningUngdomsuddannelseRequest request;
    request.Identifier = &identifier;
    request.Message = &message;
    _indberetning__IndberetningUngdomsuddannelseResponse answer;
    authenticate(&proxy);
    if (proxy.IndberetningUngdomsuddannelse(&request, answer) != SOAP_OK) return nullptr;
    return answer.Message->v1__IndberetningUngdomsuddannelseSvar;
}

// Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
static void fetch(Fetch &proxy, const std::string &step, std::string *number, std::string *cprnr) {
    v1__HentHaendelserType criterion;
    criterion.InstitutionNummer = kommune;
    criterion.HaendelseNummer = number;
    criterion.CPRNr = cprnr;
    hentning__HentHaendelserIdentifierType identifier;
    identifier.SystemName = "gSOAP";
    identifier.SystemTransactionID = transaction();
    hentning__HentHaendelserRequestMessageType message;
    message.v1__HentHaendelser = &criterion;
    _hentning__HentHaendelserRequest request;
    request.Identifier = &identifier;
    request.Message = &message;
    _hentning__HentHaendelserResponse answer;
    authenticate(&proxy);
    if (proxy.HentHaendelser(&request, answer) != SOAP_OK) stop(&proxy);
    const v1__HaendelserSvarType &svar = *answer.Message->v1__HentHaendelserSvar;
    say(step, {{"FindesFlereHaendelser", text(svar.FindesFlereHaendelser)},
               {"HoejesteHaendelseNummer", text(svar.HoejesteHaendelseNummer)}});
    for (const auto *ung : svar.HaendelserUng)
        for (const auto *event : ung->HaendelseUddannelsesForloeb)
            say(step + ".haendelse", {{"CPRNr", ung->CPRNr},
                                      {"HaendelseNummer", event->HaendelseNummer},
                                      {"ForloebId", event->ForloebId},
                                      {"HaendelseDato", event->HaendelseDato},
                                      {"Status", std::to_string(event->Status)},
                                      {"KildeLeverandoer", event->KildeLeverandoer},
                                      {"COsAFormaal", event->Uddannelse ? event->Uddannelse->COsAFormaal : ""},
                                      {"Registreringstid", event->Registreringstid}});
}

int main(int count, char **arguments) {
    if (count != 9) return std::cerr << "client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY\n", 2;
    std::string *parameters[] = {&address, &systemId, &key, &soapVersion, &youth, &school, &kommune, &day};
    for (int i = 0; i < 8; i++) *parameters[i] = arguments[i + 1];
    const std::string services = address + "/services/UDB/";
    const std::string reportTo = services + "IndberetningUngdomsuddannelse/v1", fetchFrom = services + "DataTilKommune/v1";
    // Without the flag, texts would be read and written as Latin-1.
    Report report(reportTo.c_str(), SOAP_C_UTFSTRING);
    Fetch kommuneFetch(fetchFrom.c_str(), SOAP_C_UTFSTRING);

    _hentning__PingRequest ping;
    _hentning__PingResponse up;
    authenticate(&kommuneFetch);
    if (kommuneFetch.Ping(&ping, up) != SOAP_OK) stop(&kommuneFetch);
    say("ping", {{"Status", soap_v1__DriftStatusType2s(&kommuneFetch, up.Status)}});

    const auto *receipt = optag(report, school, nullptr);
    if (!receipt) stop(&report);
    say("optag", {{"Resultat", soap_v1__ResultatType2s(&report, receipt->Resultat)},
                  {"HaendelseNummer", text(receipt->HaendelseNummer)},
                  {"ForloebId", text(receipt->ForloebId)},
                  {"Registreringstid", receipt->Registreringstid}});

    // The same once more, and with a cause that only an afbrud has: refused, with every reason.
    std::string cause = "9";
    const auto *refused = optag(report, school, &cause);
    if (!refused) stop(&report);
    say("afvist", {{"Resultat", soap_v1__ResultatType2s(&report, refused->Resultat)},
                   {"Registreringstid", refused->Registreringstid}});
    for (const auto *fejl : refused->Fejl)
        say("afvist.fejl", {{"FejlKode", fejl->FejlKode},
                            {"Alvor", soap_v1__AlvorType2s(&report, fejl->Alvor)},
                            {"FejlTekst", fejl->FejlTekst},
                            {"Element", text(fejl->Element)},
                            {"VedroererHaendelseNummer", text(fejl->VedroererHaendelseNummer)}});

    // No system has a dataaftale for this institution.
    if (!optag(report, "000000", nullptr)) {
        const SOAP_ENV__Fault *fault = report.soap_fault();
        const SOAP_ENV__Detail *detail = fault->detail ? fault->detail : fault->SOAP_ENV__Detail;
        if (!detail || !detail->indberetning__ServiceFaultDetailer) stop(&report);
        say("fault", {{"ErrorCode", detail->indberetning__ServiceFaultDetailer->ErrorCode},
                      {"ErrorMessage", detail->indberetning__ServiceFaultDetailer->ErrorMessage}});
    }

    std::string beforeAll = BEFORE_ALL;
    fetch(kommuneFetch, "new", nullptr, nullptr);
    fetch(kommuneFetch, "number", &beforeAll, nullptr);
    fetch(kommuneFetch, "cpr", nullptr, &youth);
    return 0;
}
