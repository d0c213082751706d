// Validates messages with Xerces:   java -cp xercesImpl.jar Xerces.java < LIST
// Each line of LIST is SCHEMA, a tab, MESSAGE (files). Prints a line for each mistake; ends with 1 when there is one.
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.HashMap;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import org.apache.xerces.jaxp.validation.XMLSchemaFactory;
import org.xml.sax.SAXException;

public class Xerces {
    public static void main(String[] arguments) throws Exception {
        var factory = new XMLSchemaFactory();
        factory.setFeature("http://apache.org/xml/features/validation/schema-full-checking", true);
        var schemas = new HashMap<String, Schema>();
        int tried = 0, wrong = 0;
        for (String line : (Iterable<String>) new BufferedReader(new InputStreamReader(System.in)).lines()::iterator) {
            String[] files = line.split("\t");
            if (!schemas.containsKey(files[0])) schemas.put(files[0], factory.newSchema(new File(files[0])));
            tried++;
            try {
                schemas.get(files[0]).newValidator().validate(new StreamSource(new File(files[1])));
            } catch (SAXException error) {
                wrong++;
                System.out.println(new File(files[1]).getName() + ": " + error.getMessage());
            }
        }
        System.out.println(tried + " messages by " + schemas.size() + " schemas, " + wrong + " invalid (" + org.apache.xerces.impl.Version.getVersion() + ")");
        System.exit(wrong == 0 ? 0 : 1);
    }
}
