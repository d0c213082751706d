// Report a youth's optag to Ungedatabasen in a signed call, with the JAX-WS reference implementation and the JDK's own
// javax.xml.crypto (Debian: jaxws libjaxws-java openjdk-17-jdk-headless). WSS4J is not needed.
//
//   ./build_signed.sh ADDRESS FOLDER SOAP
//   FOLDER/signed ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
//
// README.md beside this folder says what these are and what is printed.
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.SOAPHandler;
import javax.xml.ws.handler.soap.SOAPMessageContext;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import udb.indberetning.IndberetningUngdomsuddannelseIdentifierType;
import udb.indberetning.IndberetningUngdomsuddannelsePortType;
import udb.indberetning.IndberetningUngdomsuddannelseRequest;
import udb.indberetning.IndberetningUngdomsuddannelseRequestMessageType;
import udb.indberetning.IndberetningUngdomsuddannelseService;
import udb.indberetning.IndberetningUngdomsuddannelseType;
import udb.indberetning.UddannelseType;

public class Signed {
    static final String OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
    static final String WSSE = OASIS + "wssecurity-secext-1.0.xsd", WSU = OASIS + "wssecurity-utility-1.0.xsd";
    static final String X509V3 = OASIS + "x509-token-profile-1.0#X509v3";
    static final String XMLNS = XMLConstants.XMLNS_ATTRIBUTE_NS_URI;
    static final String EXC = "http://www.w3.org/2001/10/xml-exc-c14n#";

    public static void main(String[] arguments) throws Exception {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        var report = port(arguments);
        say("ping", "Status", report.ping(new udb.indberetning.PingRequest()).getStatus().value());

        var uddannelse = new UddannelseType();
        uddannelse.setCOsAFormaal("3017");
        uddannelse.setCOsAFormaalVersion(2);
        var optag = new IndberetningUngdomsuddannelseType();
        optag.setCPRNr(arguments[4]);
        optag.setInstitutionNummer(arguments[5]);
        optag.setHaendelseDato(DatatypeFactory.newInstance().newXMLGregorianCalendar(arguments[7] + "T00:00:00"));
        optag.setStatus(1);
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
        var receipt = report.indberetningUngdomsuddannelse(request).getMessage().getIndberetningUngdomsuddannelseSvar();
        say("optag", "Resultat", receipt.getResultat().value(), "HaendelseNummer", receipt.getHaendelseNummer(),
            "ForloebId", receipt.getForloebId(), "Registreringstid", receipt.getRegistreringstid());
    }

    static IndberetningUngdomsuddannelsePortType port(String[] arguments) throws Exception {
        var service = new IndberetningUngdomsuddannelseService();
        String name = "IndberetningUngdomsuddannelse";
        var portName = new QName(service.getServiceName().getNamespaceURI(), name + "Soap" + arguments[3].replace(".", ""));
        var port = service.getPort(portName, IndberetningUngdomsuddannelsePortType.class);
        var context = ((BindingProvider) port).getRequestContext();
        context.put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, arguments[0] + "/services/UDB/" + name + "/v1");
        context.put(BindingProvider.USERNAME_PROPERTY, arguments[1]);
        context.put(BindingProvider.PASSWORD_PROPERTY, arguments[2]);
        var signer = new Signer(pem(arguments[8]), KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem(arguments[9])))));
        ((BindingProvider) port).getBinding().setHandlerChain(List.of(signer));
        return port;
    }

    static String pem(String file) throws Exception {
        return Files.readString(Path.of(file)).replaceAll("-----.*?-----|\\s", "");
    }

    // Signs Body and a Timestamp of each message as the last step before it is sent.
    static class Signer implements SOAPHandler<SOAPMessageContext> {
        final String certificate;
        final PrivateKey key;

        Signer(String certificate, PrivateKey key) {
            this.certificate = certificate;
            this.key = key;
        }

        @Override
        public boolean handleMessage(SOAPMessageContext context) {
            if (!(Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) return true;
            try {
                var part = context.getMessage().getSOAPPart();
                var written = new StringWriter();
                TransformerFactory.newInstance().newTransformer().transform(part.getContent(), new StreamResult(written));
                // javax.xml.crypto cannot sign in the tree of a SOAPMessage; a plain document it can.
                part.setContent(new StreamSource(new StringReader(signed(written.toString()))));
                context.getMessage().saveChanges();
            } catch (Exception error) {
                throw new RuntimeException(error);
            }
            return true;
        }

        String signed(String message) throws Exception {
            var builders = DocumentBuilderFactory.newInstance();
            builders.setNamespaceAware(true);
            Document document = builders.newDocumentBuilder().parse(new InputSource(new StringReader(message)));
            Element envelope = document.getDocumentElement();
            String soap = envelope.getNamespaceURI();
            var body = (Element) envelope.getElementsByTagNameNS(soap, "Body").item(0);
            // The canonical form has only the namespaces that the tree declares as attributes.
            body.setAttributeNS(XMLNS, "xmlns:wsu", WSU);
            body.setAttributeNS(WSU, "wsu:Id", "body");
            body.setIdAttributeNS(WSU, "Id", true);
            var header = (Element) envelope.getElementsByTagNameNS(soap, "Header").item(0);
            if (header == null)
                header = (Element) envelope.insertBefore(document.createElementNS(soap, envelope.getPrefix() + ":Header"), body);
            var security = child(header, WSSE, "wsse:Security");
            security.setAttributeNS(XMLNS, "xmlns:wsse", WSSE);
            security.setAttributeNS(XMLNS, "xmlns:wsu", WSU);
            var timestamp = child(security, WSU, "wsu:Timestamp");
            timestamp.setAttributeNS(WSU, "wsu:Id", "tid");
            timestamp.setIdAttributeNS(WSU, "Id", true);
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            child(timestamp, WSU, "wsu:Created").setTextContent(now.toString());
            child(timestamp, WSU, "wsu:Expires").setTextContent(now.plusSeconds(300).toString());
            var token = child(security, WSSE, "wsse:BinarySecurityToken");
            token.setAttributeNS(WSU, "wsu:Id", "certifikat");
            token.setAttribute("ValueType", X509V3);
            token.setAttribute("EncodingType", OASIS + "soap-message-security-1.0#Base64Binary");
            token.setTextContent(certificate);

            var factory = XMLSignatureFactory.getInstance("DOM");
            var signedInfo = factory.newSignedInfo(
                factory.newCanonicalizationMethod(EXC, (C14NMethodParameterSpec) null),
                factory.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", null),
                List.of(reference(factory, "#tid"), reference(factory, "#body")));
            var toToken = document.createElementNS(WSSE, "wsse:SecurityTokenReference");
            var direct = child(toToken, WSSE, "wsse:Reference");
            direct.setAttribute("URI", "#certifikat");
            direct.setAttribute("ValueType", X509V3);
            var keyInfo = factory.getKeyInfoFactory().newKeyInfo(List.of(new DOMStructure(toToken)));
            var context = new DOMSignContext(key, security);
            context.setDefaultNamespacePrefix("ds");
            factory.newXMLSignature(signedInfo, keyInfo).sign(context);
            var written = new StringWriter();
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(written));
            return written.toString();
        }

        static Reference reference(XMLSignatureFactory factory, String uri) throws Exception {
            var transform = factory.newTransform(EXC, (TransformParameterSpec) null);
            return factory.newReference(uri, factory.newDigestMethod("http://www.w3.org/2001/04/xmlenc#sha256", null),
                List.of(transform), null, null);
        }

        static Element child(Element parent, String namespace, String name) {
            return (Element) parent.appendChild(parent.getOwnerDocument().createElementNS(namespace, name));
        }

        @Override
        public boolean handleFault(SOAPMessageContext context) {
            return true;
        }

        @Override
        public void close(MessageContext context) {
        }

        @Override
        public Set<QName> getHeaders() {
            return Set.of();
        }
    }

    // Prints a step as a line of JSON: names and values in turn; every value as text, what is absent left out.
    static void say(String step, Object... fields) {
        var line = new StringBuilder("{\"step\":\"").append(step).append('"');
        for (int i = 0; i < fields.length; i += 2)
            if (fields[i + 1] != null) line.append(",\"").append(fields[i]).append("\":\"").append(fields[i + 1]).append('"');
        System.out.println(line.append('}'));
    }
}
