// Report a youth's optag to Ungedatabasen in a signed call, with gSOAP's WS-Security plugin (Debian: gsoap libgsoap-dev
// libssl-dev zlib1g-dev g++).
//
//   ./build_signed.sh ADDRESS FOLDER SOAP
//   FOLDER/signed ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
//
// README.md beside this folder says what these are and what is printed. The SOAP version is chosen when it is built.
#include <cstdio>
#include <iostream>
#include <string>
#include <unistd.h>

#include "IndberetningUngdomsuddannelseSoap11Binding.nsmap"
#include "soapIndberetningUngdomsuddannelseSoap11BindingProxy.h"
#include "wsseapi.h"

static void stop(struct soap *soap) {
    soap_print_fault(soap, stderr);
    exit(1);
}

static FILE *opened(const char *file) {
    FILE *found = fopen(file, "r");
    if (!found) return perror(file), exit(1), nullptr;
    return found;
}

// Before every call: gSOAP forgets it after each. The plugin signs Body and what has an Id.
static void sign(struct soap *soap, X509 *certificate, EVP_PKEY *key, char **arguments) {
    soap->userid = arguments[2];
    soap->passwd = arguments[3];
    soap_wsse_delete_Security(soap);
    soap_wsse_set_wsu_id(soap, "wsu:Timestamp");
    if (soap_wsse_add_Timestamp(soap, "Time", 240) || soap_wsse_add_BinarySecurityTokenX509(soap, "X509Token", certificate)
        || soap_wsse_add_KeyInfo_SecurityTokenReferenceX509(soap, "#X509Token")
        || soap_wsse_sign_body(soap, SOAP_SMD_SIGN_RSA_SHA256, key, 0))
        stop(soap);
}

int main(int count, char **arguments) {
    if (count != 11) return std::cerr << "signed ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE\n", 2;
    FILE *file = opened(arguments[9]);
    X509 *certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
    fclose(file);
    file = opened(arguments[10]);
    EVP_PKEY *key = PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
    fclose(file);
    if (!certificate || !key) return std::cerr << "the certificate or the key cannot be read\n", 1;

    soap_ssl_init();
    const std::string service = std::string(arguments[1]) + "/services/UDB/IndberetningUngdomsuddannelse/v1";
    // Without the first flag, texts would be read and written as Latin-1; without the second the digests are wrong.
    IndberetningUngdomsuddannelseSoap11BindingProxy report(service.c_str(), SOAP_C_UTFSTRING | SOAP_XML_CANONICAL);
    soap_register_plugin(&report, soap_wsse);

    _indberetning__PingRequest ping;
    _indberetning__PingResponse up;
    sign(&report, certificate, key, arguments);
    if (report.Ping(&ping, up) != SOAP_OK) stop(&report);
    std::cout << "{\"step\":\"ping\",\"Status\":\"" << soap_v1__DriftStatusType2s(&report, up.Status) << "\"}" << std::endl;

    v1__UddannelseType uddannelse;
    uddannelse.COsAFormaal = "3017";
    uddannelse.COsAFormaalVersion = 2;
    v1__IndberetningUngdomsuddannelseType optag;
    optag.CPRNr = arguments[5];
    optag.InstitutionNummer = arguments[6];
    optag.HaendelseDato = std::string(arguments[8]) + "T00:00:00";
    optag.Status = 1;
    optag.KildeLeverandoer = "Klient på prøve";
    optag.Uddannelse = &uddannelse;
    optag.Annullering = false;
    indberetning__IndberetningUngdomsuddannelseIdentifierType identifier;
    identifier.SystemName = "gSOAP";
    identifier.SystemTransactionID = std::to_string(time(nullptr)) + "-" + std::to_string(getpid());
    indberetning__IndberetningUngdomsuddannelseRequestMessageType message;
    message.v1__IndberetningUngdomsuddannelse = &optag;
    _indberetning__IndberetningUngdomsuddannelseRequest request;
    request.Identifier = &identifier;
    request.Message = &message;
    _indberetning__IndberetningUngdomsuddannelseResponse answer;
    sign(&report, certificate, key, arguments);
    if (report.IndberetningUngdomsuddannelse(&request, answer) != SOAP_OK) stop(&report);
    const auto &receipt = *answer.Message->v1__IndberetningUngdomsuddannelseSvar;
    std::cout << "{\"step\":\"optag\",\"Resultat\":\"" << soap_v1__ResultatType2s(&report, receipt.Resultat);
    if (receipt.HaendelseNummer) std::cout << "\",\"HaendelseNummer\":\"" << *receipt.HaendelseNummer;
    if (receipt.ForloebId) std::cout << "\",\"ForloebId\":\"" << *receipt.ForloebId;
    std::cout << "\",\"Registreringstid\":\"" << receipt.Registreringstid << "\"}" << std::endl;
    return 0;
}
