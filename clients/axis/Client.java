// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with Apache Axis 1.4 (Debian: libaxis-java
// openjdk-17-jdk-headless).
//
//   ./build.sh ADDRESS FOLDER SOAP
//   FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed. Axis 1.4 speaks SOAP 1.1 only.
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.UUID;
import org.apache.axis.client.Stub;
import org.apache.axis.types.Token;
import udb.hentning.DataTilKommunePortType;
import udb.hentning.DataTilKommuneServiceLocator;
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
import udb.indberetning.IndberetningUngdomsuddannelseServiceLocator;
import udb.indberetning.IndberetningUngdomsuddannelseSvarType;
import udb.indberetning.IndberetningUngdomsuddannelseType;
import udb.indberetning.ServiceFaultDetailer;
import udb.indberetning.UddannelseType;

public class Client {
    static final String BEFORE_ALL = "UDB-" + "0".repeat(23);
    static final ZoneId DENMARK = ZoneId.of("Europe/Copenhagen");
    static String youth, school, kommune, day;
    static IndberetningUngdomsuddannelsePortType report;
    static DataTilKommunePortType kommuneFetch;

    public static void main(String[] arguments) throws Exception {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        String services = arguments[0] + "/services/UDB/";
        youth = arguments[4];
        school = arguments[5];
        kommune = arguments[6];
        day = arguments[7];
        report = new IndberetningUngdomsuddannelseServiceLocator().getIndberetningUngdomsuddannelseSoap11(
            new URL(services + "IndberetningUngdomsuddannelse/v1"));
        kommuneFetch = new DataTilKommuneServiceLocator().getDataTilKommuneSoap11(new URL(services + "DataTilKommune/v1"));
        for (Object port : new Object[] {report, kommuneFetch}) {
            ((Stub) port).setUsername(arguments[1]);
            ((Stub) port).setPassword(arguments[2]);
            ((Stub) port).setTimeout(30_000);
        }

        say("ping", "Status", kommuneFetch.ping(new udb.hentning.PingRequest()).getStatus());

        var receipt = optag(school, null);
        say("optag", "Resultat", receipt.getResultat(), "HaendelseNummer", receipt.getHaendelseNummer(),
            "ForloebId", receipt.getForloebId(), "Registreringstid", receipt.getRegistreringstid());

        // The same once more, and with a cause that only an afbrud has: refused, with every reason.
        var refused = optag(school, new Token("9"));
        say("afvist", "Resultat", refused.getResultat(), "Registreringstid", refused.getRegistreringstid());
        for (FejlType fejl : refused.getFejl())
            say("afvist.fejl", "FejlKode", fejl.getFejlKode(), "Alvor", fejl.getAlvor(), "FejlTekst", fejl.getFejlTekst(),
                "Element", fejl.getElement(), "VedroererHaendelseNummer", fejl.getVedroererHaendelseNummer());

        try {
            // No system has a dataaftale for this institution.
            optag("000000", null);
        } catch (ServiceFaultDetailer fault) {
            say("fault", "ErrorCode", fault.getErrorCode(), "ErrorMessage", fault.getErrorMessage());
        }

        fetch("new", null, null);
        fetch("number", BEFORE_ALL, null);
        fetch("cpr", null, youth);
    }

    // Reports that the youth begins hf. Axis writes a time as UTC: the day begins at midnight in Denmark.
    static IndberetningUngdomsuddannelseSvarType optag(String at, Token cause) throws Exception {
        var payload = new IndberetningUngdomsuddannelseType();
        payload.setCPRNr(youth);
        payload.setInstitutionNummer(at);
        payload.setHaendelseDato(GregorianCalendar.from(LocalDate.parse(day).atStartOfDay(DENMARK)));
        payload.setStatus(1);
        payload.setAfbrudsarsagsKode(cause);
        payload.setKildeLeverandoer(new Token("Klient på prøve"));
        payload.setUddannelse(new UddannelseType(new Token("3017"), 2));
        var identifier = new IndberetningUngdomsuddannelseIdentifierType("Axis", transaction());
        var message = new IndberetningUngdomsuddannelseRequestMessageType(payload);
        var request = new IndberetningUngdomsuddannelseRequest(identifier, message);
        return report.indberetningUngdomsuddannelse(request).getMessage().getIndberetningUngdomsuddannelseSvar();
    }

    // Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
    static void fetch(String step, String number, String cprnr) throws Exception {
        var identifier = new HentHaendelserIdentifierType("Axis", transaction());
        var message = new HentHaendelserRequestMessageType(new HentHaendelserType(kommune, number, cprnr));
        HaendelserSvarType svar =
            kommuneFetch.hentHaendelser(new HentHaendelserRequest(identifier, message)).getMessage().getHentHaendelserSvar();
        say(step, "FindesFlereHaendelser", svar.getFindesFlereHaendelser(),
            "HoejesteHaendelseNummer", svar.getHoejesteHaendelseNummer());
        // A list without elements is null.
        if (svar.getHaendelserUng() == null) return;
        for (HaendelserUngType ung : svar.getHaendelserUng()) {
            if (ung.getHaendelseUddannelsesForloeb() == null) continue;
            for (HaendelseUddannelsesForloebType event : ung.getHaendelseUddannelsesForloeb())
                say(step + ".haendelse", "CPRNr", ung.getCPRNr(), "HaendelseNummer", event.getHaendelseNummer(),
                    "ForloebId", event.getForloebId(), "HaendelseDato", event.getHaendelseDato(),
                    "Status", event.getStatus(), "KildeLeverandoer", event.getKildeLeverandoer(),
                    "COsAFormaal", event.getUddannelse() == null ? null : event.getUddannelse().getCOsAFormaal(),
                    "Registreringstid", event.getRegistreringstid());
        }
    }

    static String transaction() {
        return UUID.randomUUID().toString();
    }

    // Prints a step as a line of JSON: names and values in turn; every value as text, what is absent left out.
    static void say(String step, Object... fields) {
        var line = new StringBuilder("{\"step\":").append(quoted(step));
        for (int i = 0; i < fields.length; i += 2)
            if (fields[i + 1] != null) line.append(',').append(quoted(fields[i])).append(':').append(quoted(fields[i + 1]));
        System.out.println(line.append('}'));
    }

    static String quoted(Object value) {
        String text = value instanceof Calendar ? ((Calendar) value).toInstant().toString() : value.toString();
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
