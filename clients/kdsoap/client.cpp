// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with KDSoap (Debian: libkdsoap-dev libkdsoap-bin
// qtbase5-dev g++).
//
//   ./build.sh ADDRESS FOLDER SOAP
//   FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed.
#include <KDSoapMessage.h>
#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>
#include <cstdio>
#include <initializer_list>
#include <optional>
#include <utility>

#include "hentning.h"
#include "indberetning.h"

// The class of the other port differs only in the SOAP version, which can be set.
using Report = Indberetning::IndberetningUngdomsuddannelseService::IndberetningUngdomsuddannelseSoap11Binding;
using Fetch = Hentning::DataTilKommuneService::DataTilKommuneSoap11Binding;
using ReportJob = Indberetning::IndberetningUngdomsuddannelseService::IndberetningUngdomsuddannelseSoap11BindingJobs::IndberetningUngdomsuddannelseJob;
using FetchJob = Hentning::DataTilKommuneService::DataTilKommuneSoap11BindingJobs::HentHaendelserJob;
using PingJob = Hentning::DataTilKommuneService::DataTilKommuneSoap11BindingJobs::PingJob;

static const QString BEFORE_ALL = "UDB-" + QString(23, '0');
static QString address, systemId, key, soapVersion, youth, school, kommune, day;

// Prints a step as a line of JSON: every value as text, what is absent (null) left out.
static void say(const QString &step, std::initializer_list<std::pair<const char *, QString>> fields) {
    QJsonObject line{{"step", step}};
    for (const auto &[name, value] : fields)
        if (!value.isNull()) line.insert(name, value);
    puts(QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    fflush(stdout);
}

static QString text(const QString &value) { return value; }
static QString text(bool value) { return value ? "true" : "false"; }
static QString text(const KDDateTime &value) { return value.toDateString(); }
// Types with limits of their own are classes.
template <typename Type> QString text(const Type &value) { return text(value.value()); }
template <typename Type> QString text(const std::optional<Type> &value) { return value ? text(*value) : QString(); }

template <typename Port> void prepare(Port &port, const char *service) {
    port.setEndPoint(address + "/services/UDB/" + service + "/v1");
    port.setSoapVersion(soapVersion == "1.2" ? KDSoapClientInterface::SOAP1_2 : KDSoapClientInterface::SOAP1_1);
    port.clientInterface()->setTimeout(30000);
    // KDSoapAuthentication would wait to be asked for the key, and the service does not ask.
    port.clientInterface()->setRawHTTPHeaders({{"Authorization", "Basic " + (systemId + ":" + key).toUtf8().toBase64()}});
}

// Calls an operation; gives the answer's message, which may be a fault: a blocking call keeps no more of that than its text.
template <typename Job> KDSoapMessage run(Job &job) {
    QEventLoop loop;
    job.setAutoDelete(false);
    QObject::connect(&job, &KDSoapJob::finished, &loop, &QEventLoop::quit);
    job.start();
    loop.exec();
    return job.reply();
}

static void stop(const KDSoapMessage &fault) {
    fprintf(stderr, "%s\n", fault.faultAsString().toUtf8().constData());
    exit(1);
}

// Has the job report that the youth begins hf.
static void optag(ReportJob &job, const QString &at, const std::optional<QString> &cause) {
    using namespace Indberetning;
    V1__UddannelseType uddannelse;
    uddannelse.setCOsAFormaal(QString("3017"));
    uddannelse.setCOsAFormaalVersion(2);
    V1__IndberetningUngdomsuddannelseType report;
    report.setCPRNr(youth);
    report.setInstitutionNummer(at);
    report.setHaendelseDato(KDDateTime(QDateTime(QDate::fromString(day, Qt::ISODate), QTime(0, 0))));
    report.setStatus(1);
    if (cause) report.setAfbrudsarsagsKode(*cause);
    report.setKildeLeverandoer(QString("Klient på prøve"));
    report.setUddannelse(uddannelse);
    report.setAnnullering(false);
    IPL__IndberetningUngdomsuddannelseIdentifierType identifier;
    identifier.setSystemName(QString("KDSoap"));
    identifier.setSystemTransactionID(QUuid::createUuid().toString(QUuid::WithoutBraces));
    IPL__IndberetningUngdomsuddannelseRequestMessageType message;
    message.setIndberetningUngdomsuddannelse(report);
    IPL__IndberetningUngdomsuddannelseRequest request;
    request.setIdentifier(identifier);
    request.setMessage(message);
    job.setRequest(request);
}

// Reports, and gives the receipt.
static Indberetning::V1__IndberetningUngdomsuddannelseSvarType receipt(Report &port, const std::optional<QString> &cause) {
    ReportJob job(&port);
    optag(job, school, cause);
    KDSoapMessage answer = run(job);
    if (answer.isFault()) stop(answer);
    return job.response().message().indberetningUngdomsuddannelseSvar();
}

// Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
static void fetch(Fetch &port, const QString &step, const std::optional<QString> &number, const std::optional<QString> &cprnr) {
    using namespace Hentning;
    V1__HentHaendelserType criterion;
    criterion.setInstitutionNummer(kommune);
    if (number) criterion.setHaendelseNummer(*number);
    if (cprnr) criterion.setCPRNr(*cprnr);
    IPL__HentHaendelserIdentifierType identifier;
    identifier.setSystemName(QString("KDSoap"));
    identifier.setSystemTransactionID(QUuid::createUuid().toString(QUuid::WithoutBraces));
    IPL__HentHaendelserRequestMessageType message;
    message.setHentHaendelser(criterion);
    IPL__HentHaendelserRequest request;
    request.setIdentifier(identifier);
    request.setMessage(message);
    FetchJob job(&port);
    job.setRequest(request);
    KDSoapMessage answer = run(job);
    if (answer.isFault()) stop(answer);
    const auto svar = job.response().message().hentHaendelserSvar();
    say(step, {{"FindesFlereHaendelser", text(svar.findesFlereHaendelser())},
               {"HoejesteHaendelseNummer", text(svar.hoejesteHaendelseNummer())}});
    const auto unge = svar.haendelserUng().value_or(QList<V1__HaendelserUngType>());
    for (const auto &ung : unge) {
        const auto events = ung.haendelseUddannelsesForloeb().value_or(QList<V1__HaendelseUddannelsesForloebType>());
        for (const auto &event : events)
            say(step + ".haendelse",
                {{"CPRNr", text(ung.cPRNr())},
                 {"HaendelseNummer", text(event.haendelseNummer())},
                 {"ForloebId", text(event.forloebId())},
                 {"HaendelseDato", text(event.haendelseDato())},
                 {"Status", QString::number(event.status())},
                 {"KildeLeverandoer", text(event.kildeLeverandoer())},
                 {"COsAFormaal", event.uddannelse() ? text(event.uddannelse()->cOsAFormaal()) : QString()},
                 {"Registreringstid", text(event.registreringstid())}});
    }
}

int main(int count, char **arguments) {
    QCoreApplication app(count, arguments);
    if (count != 9) return fputs("client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY\n", stderr), 2;
    QString *parameters[] = {&address, &systemId, &key, &soapVersion, &youth, &school, &kommune, &day};
    for (int i = 0; i < 8; i++) *parameters[i] = app.arguments()[i + 1];
    Report report;
    Fetch kommuneFetch;
    prepare(report, "IndberetningUngdomsuddannelse");
    prepare(kommuneFetch, "DataTilKommune");

    PingJob ping(&kommuneFetch);
    KDSoapMessage up = run(ping);
    if (up.isFault()) stop(up);
    say("ping", {{"Status", ping.response().status().serialize("Status").value().toString()}});

    const auto taken = receipt(report, {});
    say("optag", {{"Resultat", taken.resultat().serialize("Resultat").value().toString()},
                  {"HaendelseNummer", text(taken.haendelseNummer())},
                  {"ForloebId", text(taken.forloebId())},
                  {"Registreringstid", text(taken.registreringstid())}});

    // The same once more, and with a cause that only an afbrud has: refused, with every reason.
    const auto refused = receipt(report, "9");
    say("afvist", {{"Resultat", refused.resultat().serialize("Resultat").value().toString()},
                   {"Registreringstid", text(refused.registreringstid())}});
    const auto reasons = refused.fejl().value_or(QList<Indberetning::V1__FejlType>());
    for (const auto &fejl : reasons)
        say("afvist.fejl", {{"FejlKode", text(fejl.fejlKode())},
                            {"Alvor", fejl.alvor().serialize("Alvor").value().toString()},
                            {"FejlTekst", fejl.fejlTekst()},
                            {"Element", text(fejl.element())},
                            {"VedroererHaendelseNummer", text(fejl.vedroererHaendelseNummer())}});

    // No system has a dataaftale for this institution.
    ReportJob elsewhere(&report);
    optag(elsewhere, "000000", {});
    const KDSoapMessage fault = run(elsewhere);
    if (fault.isFault()) {
        // The detail is named in lower case in SOAP 1.1 and with a capital in 1.2.
        const auto detail = fault.childValues().child(soapVersion == "1.2" ? "Detail" : "detail");
        const auto detailer = detail.childValues().child("ServiceFaultDetailer").childValues();
        say("fault", {{"ErrorCode", detailer.child("ErrorCode").value().toString()},
                      {"ErrorMessage", detailer.child("ErrorMessage").value().toString()}});
    }

    fetch(kommuneFetch, "new", {}, {});
    fetch(kommuneFetch, "number", BEFORE_ALL, {});
    fetch(kommuneFetch, "cpr", {}, youth);
    return 0;
}
