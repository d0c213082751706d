// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with the JAX-WS reference implementation (Debian:
// jaxws libjaxws-java openjdk-17-jdk-headless).
//
//   ./build.sh ADDRESS FOLDER SOAP
//   FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed.
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Service;
import udb.hentning.DataTilKommunePortType;
import udb.hentning.DataTilKommuneService;
import udb.hentning.HaendelseUddannelsesForloebType;
import udb.hentning.HaendelserSvarType;
import udb.hentning.HaendelserUngType;
import udb.hentning.HentHaendelserIdentifierType;
import udb.hentning.HentHaendelserRequest;
import udb.hentning.HentHaendelserRequestMessageType;
import udb.hentning.HentHaendelserType;
import udb.indberetning.FejlType;
import udb.indberetning.IndberetningUngdomsuddannelseIdentifierType;
import udb.indberetning.IndberetningUngdomsuddannelsePortType;
import udb.indberetning.IndberetningUngdomsuddannelseRequest;
import udb.indberetning.IndberetningUngdomsuddannelseRequestMessageType;
import udb.indberetning.IndberetningUngdomsuddannelseService;
import udb.indberetning.IndberetningUngdomsuddannelseSvarType;
import udb.indberetning.IndberetningUngdomsuddannelseType;
import udb.indberetning.ServiceFault;
import udb.indberetning.UddannelseType;

public class Client {
    static final String BEFORE_ALL = "UDB-" + "0".repeat(23);
    static String youth, school, kommune, day;
    static IndberetningUngdomsuddannelsePortType report;
    static DataTilKommunePortType kommuneFetch;

    public static void main(String[] arguments) throws Exception {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        youth = arguments[4];
        school = arguments[5];
        kommune = arguments[6];
        day = arguments[7];
        report = port(new IndberetningUngdomsuddannelseService(), IndberetningUngdomsuddannelsePortType.class, arguments);
        kommuneFetch = port(new DataTilKommuneService(), DataTilKommunePortType.class, arguments);

        say("ping", "Status", kommuneFetch.ping(new udb.hentning.PingRequest()).getStatus().value());

        var receipt = optag(school, null);
        say("optag", "Resultat", receipt.getResultat().value(), "HaendelseNummer", receipt.getHaendelseNummer(),
            "ForloebId", receipt.getForloebId(), "Registreringstid", receipt.getRegistreringstid());

        // The same once more, and with a cause that only an afbrud has: refused, with every reason.
        var refused = optag(school, "9");
        say("afvist", "Resultat", refused.getResultat().value(), "Registreringstid", refused.getRegistreringstid());
        for (FejlType fejl : refused.getFejl())
            say("afvist.fejl", "FejlKode", fejl.getFejlKode(), "Alvor", fejl.getAlvor().value(),
                "FejlTekst", fejl.getFejlTekst(), "Element", fejl.getElement(),
                "VedroererHaendelseNummer", fejl.getVedroererHaendelseNummer());

        try {
            // No system has a dataaftale for this institution.
            optag("000000", null);
        } catch (ServiceFault fault) {
            say("fault", "ErrorCode", fault.getFaultInfo().getErrorCode(),
                "ErrorMessage", fault.getFaultInfo().getErrorMessage());
        }

        fetch("new", null, null);
        fetch("number", BEFORE_ALL, null);
        fetch("cpr", null, youth);
    }

    // The contract names a service …Service and its ports …Soap11 and …Soap12; arguments: ADDRESS SYSTEM KEY SOAP.
    static <T> T port(Service service, Class<T> type, String[] arguments) {
        String namespace = service.getServiceName().getNamespaceURI();
        String name = service.getServiceName().getLocalPart().replaceFirst("Service$", "");
        T port = service.getPort(new QName(namespace, name + "Soap" + arguments[3].replace(".", "")), type);
        var context = ((BindingProvider) port).getRequestContext();
        context.put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, arguments[0] + "/services/UDB/" + name + "/v1");
        context.put(BindingProvider.USERNAME_PROPERTY, arguments[1]);
        context.put(BindingProvider.PASSWORD_PROPERTY, arguments[2]);
        return port;
    }

    // Reports that the youth begins hf; gives the receipt.
    static IndberetningUngdomsuddannelseSvarType optag(String at, String cause) throws Exception {
        var uddannelse = new UddannelseType();
        uddannelse.setCOsAFormaal("3017");
        uddannelse.setCOsAFormaalVersion(2);
        var optag = new IndberetningUngdomsuddannelseType();
        optag.setCPRNr(youth);
        optag.setInstitutionNummer(at);
        optag.setHaendelseDato(DatatypeFactory.newInstance().newXMLGregorianCalendar(day + "T00:00:00"));
        optag.setStatus(1);
        optag.setAfbrudsarsagsKode(cause);
        optag.setKildeLeverandoer("Klient på prøve");
        optag.setUddannelse(uddannelse);
        optag.setAnnullering(false);
        var identifier = new IndberetningUngdomsuddannelseIdentifierType();
        identifier.setSystemName("JAX-WS");
        identifier.setSystemTransactionID(UUID.randomUUID().toString());
        var message = new IndberetningUngdomsuddannelseRequestMessageType();
        message.setIndberetningUngdomsuddannelse(optag);
        var request = new IndberetningUngdomsuddannelseRequest();
        request.setIdentifier(identifier);
        request.setMessage(message);
        return report.indberetningUngdomsuddannelse(request).getMessage().getIndberetningUngdomsuddannelseSvar();
    }

    // Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
    static void fetch(String step, String number, String cprnr) throws Exception {
        var criterion = new HentHaendelserType();
        criterion.setInstitutionNummer(kommune);
        criterion.setHaendelseNummer(number);
        criterion.setCPRNr(cprnr);
        var identifier = new HentHaendelserIdentifierType();
        identifier.setSystemName("JAX-WS");
        identifier.setSystemTransactionID(UUID.randomUUID().toString());
        var message = new HentHaendelserRequestMessageType();
        message.setHentHaendelser(criterion);
        var request = new HentHaendelserRequest();
        request.setIdentifier(identifier);
        request.setMessage(message);
        HaendelserSvarType svar = kommuneFetch.hentHaendelser(request).getMessage().getHentHaendelserSvar();
        say(step, "FindesFlereHaendelser", svar.isFindesFlereHaendelser(),
            "HoejesteHaendelseNummer", svar.getHoejesteHaendelseNummer());
        for (HaendelserUngType ung : svar.getHaendelserUng())
            for (HaendelseUddannelsesForloebType event : ung.getHaendelseUddannelsesForloeb())
                say(step + ".haendelse", "CPRNr", ung.getCPRNr(), "HaendelseNummer", event.getHaendelseNummer(),
                    "ForloebId", event.getForloebId(), "HaendelseDato", event.getHaendelseDato(),
                    "Status", event.getStatus(), "KildeLeverandoer", event.getKildeLeverandoer(),
                    "COsAFormaal", event.getUddannelse() == null ? null : event.getUddannelse().getCOsAFormaal(),
                    "Registreringstid", event.getRegistreringstid());
    }

    // Prints a step as a line of JSON: names and values in turn; every value as text, what is absent left out.
    static void say(String step, Object... fields) {
        var line = new StringBuilder("{\"step\":").append(quoted(step));
        for (int i = 0; i < fields.length; i += 2)
            if (fields[i + 1] != null) line.append(',').append(quoted(fields[i])).append(':').append(quoted(fields[i + 1]));
        System.out.println(line.append('}'));
    }

    static String quoted(Object value) {
        return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
