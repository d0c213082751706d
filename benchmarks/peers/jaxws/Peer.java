// The contest's peer on the JAX-WS reference implementation, with schema validation: the insert and the page of
// benchmarks/floor.py, by the service's own contract. No rules, no access, no log, no check of who calls.
//
//   ./build.sh CONTRACTS FOLDER && FOLDER/peer CONTRACTS PORT DATABASE-PORT
import com.sun.net.httpserver.HttpServer;
import com.sun.xml.ws.developer.SchemaValidation;
import java.io.File;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.jws.WebService;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.Endpoint;
import udb.hentning.HaendelseUddannelsesForloebType;
import udb.hentning.HaendelserSvarType;
import udb.hentning.HaendelserUngType;
import udb.hentning.HentHaendelserIdentifierType;
import udb.hentning.HentHaendelserRequest;
import udb.hentning.HentHaendelserResponse;
import udb.hentning.HentHaendelserResponseMessageType;
import udb.indberetning.IndberetningUngdomsuddannelseIdentifierType;
import udb.indberetning.IndberetningUngdomsuddannelseRequest;
import udb.indberetning.IndberetningUngdomsuddannelseResponse;
import udb.indberetning.IndberetningUngdomsuddannelseResponseMessageType;
import udb.indberetning.IndberetningUngdomsuddannelseSvarType;
import udb.indberetning.ResultatType;

public class Peer {
    static final int PAGE = 1000;
    // What the floor stores and tells, by the names of its columns; the benchmark hands them over.
    static final String[] STORED = System.getenv("UDB_PEER_STORED").split(",");
    static final String[] TOLD = System.getenv("UDB_PEER_TOLD").split(",");
    static String url;
    static DatatypeFactory times;
    static final ThreadLocal<Connection> DATABASE = ThreadLocal.withInitial(() -> {
        try {
            Connection connection = DriverManager.getConnection(url);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException error) {
            throw new IllegalStateException(error);
        }
    });

    public static void main(String[] arguments) throws Exception {
        url = "jdbc:postgresql://127.0.0.1:" + arguments[2] + "/postgres?user=postgres";
        times = DatatypeFactory.newInstance();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        publish(server, new Reports(), arguments[0], "IndberetningUngdomsuddannelse");
        publish(server, new Fetches(), arguments[0], "DataTilKommune");
        server.start();
    }

    static void publish(HttpServer server, Object implementor, String contracts, String service) throws Exception {
        Endpoint endpoint = Endpoint.create(implementor);
        File[] schemas = new File(contracts).listFiles((folder, name) -> name.equals("udb.xsd") || name.equals(service + ".xsd"));
        endpoint.setMetadata(Arrays.stream(schemas).map(file -> (Source) new StreamSource(file)).collect(Collectors.toList()));
        endpoint.publish(server.createContext("/services/UDB/" + service + "/v1"));
    }

    @SchemaValidation(outbound = false)
    @WebService(
        endpointInterface = "udb.indberetning.IndberetningUngdomsuddannelsePortType",
        serviceName = "IndberetningUngdomsuddannelseService",
        portName = "IndberetningUngdomsuddannelseSoap11",
        targetNamespace = "http://ipl.stil.dk/services/udb/indberetningungdomsuddannelse/v1",
        wsdlLocation = "IndberetningUngdomsuddannelse.wsdl")
    public static class Reports implements udb.indberetning.IndberetningUngdomsuddannelsePortType {
        static final String INSERT = "INSERT INTO benchmark_floor (" + String.join(", ", STORED) + ") VALUES ("
            + String.join(", ", java.util.Collections.nCopies(STORED.length, "?")) + ")";

        public IndberetningUngdomsuddannelseResponse indberetningUngdomsuddannelse(IndberetningUngdomsuddannelseRequest asked) {
            var sent = asked.getMessage().getIndberetningUngdomsuddannelse();
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("cprnr", sent.getCPRNr());
            values.put("institution_nummer", sent.getInstitutionNummer());
            values.put("haendelse_dato", sent.getHaendelseDato());
            values.put("kilde_leverandoer", sent.getKildeLeverandoer());
            values.put("annullering", sent.isAnnullering());
            values.put("status", sent.getStatus());
            values.put("afbrudsarsags_kode", sent.getAfbrudsarsagsKode());
            values.put("cosa_formaal", sent.getUddannelse().getCOsAFormaal());
            values.put("cosa_formaal_version", sent.getUddannelse().getCOsAFormaalVersion());
            values.put("speciale", sent.getSpeciale());
            values.put("praktiksted", sent.getPraktiksted());
            values.put("gennemfoert_hf", sent.isGennemfoertHf());
            values.put("frafaldstruet_markering", sent.isFrafaldstruetMarkering());
            try (PreparedStatement insert = DATABASE.get().prepareStatement(INSERT)) {
                for (int i = 0; i < STORED.length; i++) {
                    Object value = values.get(STORED[i]);
                    insert.setString(i + 1, value == null ? null : value.toString());
                }
                insert.executeUpdate();
                DATABASE.get().commit();
            } catch (SQLException error) {
                throw new IllegalStateException(error);
            }
            var receipt = new IndberetningUngdomsuddannelseSvarType();
            receipt.setResultat(ResultatType.ACCEPTERET);
            receipt.setRegistreringstid(times.newXMLGregorianCalendar(OffsetDateTime.now().toString()));
            var identifier = new IndberetningUngdomsuddannelseIdentifierType();
            identifier.setSystemName(asked.getIdentifier().getSystemName());
            identifier.setSystemTransactionID(asked.getIdentifier().getSystemTransactionID());
            var message = new IndberetningUngdomsuddannelseResponseMessageType();
            message.setIndberetningUngdomsuddannelseSvar(receipt);
            var answer = new IndberetningUngdomsuddannelseResponse();
            answer.setIdentifier(identifier);
            answer.setCorrelationID(UUID.randomUUID().toString());
            answer.setMessage(message);
            return answer;
        }

        public udb.indberetning.PingResponse ping(udb.indberetning.PingRequest asked) {
            throw new UnsupportedOperationException();
        }
    }

    @SchemaValidation(outbound = false)
    @WebService(
        endpointInterface = "udb.hentning.DataTilKommunePortType",
        serviceName = "DataTilKommuneService",
        portName = "DataTilKommuneSoap11",
        targetNamespace = "http://ipl.stil.dk/services/udb/datatilkommune/v1",
        wsdlLocation = "DataTilKommune.wsdl")
    public static class Fetches implements udb.hentning.DataTilKommunePortType {
        static final String SELECT = "SELECT p.cprnr, h.nummer, "
            + Arrays.stream(TOLD).map(name -> "h." + name).collect(Collectors.joining(", "))
            + " FROM haendelse h JOIN person p ON p.id = h.person_id"
            + " JOIN institution i ON i.administrerende_kommune = p.kommunekode AND i.type3 = 'KOM'"
            + " WHERE i.nummer = ? AND h.nummer > ? ORDER BY h.nummer LIMIT " + PAGE;

        public HentHaendelserResponse hentHaendelser(HentHaendelserRequest asked) {
            var wanted = asked.getMessage().getHentHaendelser();
            Map<String, List<HaendelseUddannelsesForloebType>> youths = new LinkedHashMap<>();
            try (PreparedStatement select = DATABASE.get().prepareStatement(SELECT)) {
                select.setString(1, wanted.getInstitutionNummer());
                select.setString(2, wanted.getHaendelseNummer() == null ? "" : wanted.getHaendelseNummer());
                try (var rows = select.executeQuery()) {
                    while (rows.next())
                        youths.computeIfAbsent(rows.getString(1), number -> new java.util.ArrayList<>()).add(event(rows));
                }
                DATABASE.get().commit();
            } catch (SQLException error) {
                throw new IllegalStateException(error);
            }
            var page = new HaendelserSvarType();
            page.setFindesFlereHaendelser(true);
            youths.forEach((number, events) -> {
                var youth = new HaendelserUngType();
                youth.setCPRNr(number);
                youth.getHaendelseUddannelsesForloeb().addAll(events);
                page.getHaendelserUng().add(youth);
            });
            var identifier = new HentHaendelserIdentifierType();
            identifier.setSystemName(asked.getIdentifier().getSystemName());
            identifier.setSystemTransactionID(asked.getIdentifier().getSystemTransactionID());
            var message = new HentHaendelserResponseMessageType();
            message.setHentHaendelserSvar(page);
            var answer = new HentHaendelserResponse();
            answer.setIdentifier(identifier);
            answer.setCorrelationID(UUID.randomUUID().toString());
            answer.setMessage(message);
            return answer;
        }

        static HaendelseUddannelsesForloebType event(java.sql.ResultSet row) throws SQLException {
            var event = new HaendelseUddannelsesForloebType();
            event.setHaendelseNummer(row.getString("nummer"));
            event.setAnnulleretHaendelseNummer(row.getString("annulleret_haendelse_nummer"));
            event.setForloebId(row.getString("forloeb_id"));
            event.setInstitutionNummer(row.getString("institution_nummer"));
            event.setHaendelseDato(times.newXMLGregorianCalendar(row.getString("haendelse_dato") + "T00:00:00.000"));
            event.setStatus(row.getInt("status"));
            event.setAfbrudsarsagsKode(row.getString("afbrudsarsags_kode"));
            event.setKildeLeverandoer(row.getString("kilde_leverandoer"));
            if (row.getString("elev_trin") != null) event.setElevTrin(row.getInt("elev_trin"));
            if (row.getString("klasse_trin") != null) event.setKlasseTrin(row.getInt("klasse_trin"));
            event.setKlasseType(row.getString("klasse_type"));
            event.setKlasseNavn(row.getString("klasse_navn"));
            event.setAnnullering(row.getBoolean("annullering"));
            if (row.getString("kode_version") != null) {
                var uddannelse = new udb.hentning.UddannelseType();
                uddannelse.setCOsAFormaal(row.getString("kode"));
                uddannelse.setCOsAFormaalVersion(row.getInt("kode_version"));
                event.setUddannelse(uddannelse);
            }
            event.setSpeciale(row.getString("speciale"));
            event.setPraktiksted(row.getString("praktiksted"));
            event.setSkoleperiode(row.getString("skoleperiode"));
            event.setVedroererHaendelseNummer(row.getString("vedroerer_haendelse_nummer"));
            event.setRegistreringstid(times.newXMLGregorianCalendar(
                row.getTimestamp("registreringstid").toInstant().toString()));
            if (row.getString("frafaldstruet_markering") != null)
                event.setFrafaldstruetMarkering(row.getBoolean("frafaldstruet_markering"));
            return event;
        }

        public udb.hentning.PingResponse ping(udb.hentning.PingRequest asked) {
            throw new UnsupportedOperationException();
        }
    }
}
