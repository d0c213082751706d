// Report a youth's optag to Ungedatabasen in a signed call, with SignedXml and the types that Mono's wsdl makes (Debian:
// mono-devel). .NET Framework has the same classes.
//
//   ./build_signed.sh ADDRESS FOLDER SOAP
//   FOLDER/signed ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
//
// README.md beside this folder says what these are and what is printed. The proxy has no place to sign in: this program writes
// the message with the proxy's types and sends it itself. KEYFILE is a .p12, beside the key and with the same name.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Web.Script.Serialization;
using System.Xml;
using System.Xml.Serialization;
using Indberetning;

static class Signed
{
    const string Report = "IndberetningUngdomsuddannelse";
    const string Ipl = "http://ipl.stil.dk/services/udb/indberetningungdomsuddannelse/v1";
    const string Oasis = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
    const string Wsse = Oasis + "wssecurity-secext-1.0.xsd", Wsu = Oasis + "wssecurity-utility-1.0.xsd";
    const string X509V3 = Oasis + "x509-token-profile-1.0#X509v3";
    const string P12Password = "udb";
    static string address, system, key, soap;
    static X509Certificate2 certificate;

    static void Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        address = arguments[0];
        system = arguments[1];
        key = arguments[2];
        soap = arguments[3];
        certificate = new X509Certificate2(Path.ChangeExtension(arguments[9], "p12"), P12Password);

        var ping = Call<PingRequest, PingResponse>("PingRequest", "PingResponse", new PingRequest());
        Say("ping", "Status", ping.Status);

        var optag = new IndberetningUngdomsuddannelseType
        {
            CPRNr = arguments[4],
            InstitutionNummer = arguments[5],
            HaendelseDato = DateTime.ParseExact(arguments[7], "yyyy-MM-dd", null),
            Status = 1,
            KildeLeverandoer = "Klient på prøve",
            Uddannelse = new UddannelseType { COsAFormaal = "3017", COsAFormaalVersion = 2 },
            Annullering = false,
        };
        var request = new IndberetningUngdomsuddannelseRequest
        {
            Identifier = new IndberetningUngdomsuddannelseIdentifierType { SystemName = "Mono", SystemTransactionID = Guid.NewGuid().ToString() },
            Message = new IndberetningUngdomsuddannelseRequestMessageType { IndberetningUngdomsuddannelse = optag },
        };
        var answer = Call<IndberetningUngdomsuddannelseRequest, IndberetningUngdomsuddannelseResponse>(Report + "Request", Report + "Response", request);
        var receipt = answer.Message.IndberetningUngdomsuddannelseSvar;
        Say("optag", "Resultat", receipt.Resultat, "HaendelseNummer", receipt.HaendelseNummer,
            "ForloebId", receipt.ForloebId, "Registreringstid", receipt.Registreringstid.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz"));
    }

    // Sends what is in Body, signed; gives what is in the answer's Body.
    static TAnswer Call<TRequest, TAnswer>(string name, string answerName, TRequest content)
    {
        string envelope = soap == "1.2" ? "http://www.w3.org/2003/05/soap-envelope" : "http://schemas.xmlsoap.org/soap/envelope/";
        // As it is when it is signed, so it is sent: with its whitespace.
        var message = new XmlDocument { PreserveWhitespace = true };
        message.LoadXml("<s:Envelope xmlns:s='" + envelope + "'><s:Header/><s:Body xmlns:u='" + Wsu + "' u:Id='body'/></s:Envelope>");
        var body = (XmlElement)message.DocumentElement.LastChild;
        using (var writer = body.CreateNavigator().AppendChild())
        {
            writer.WriteWhitespace("");
            new XmlSerializer(typeof(TRequest), new XmlRootAttribute(name) { Namespace = Ipl }).Serialize(writer, content);
        }
        Sign(message, (XmlElement)message.DocumentElement.FirstChild);

        var request = (HttpWebRequest)WebRequest.Create(address + "/services/UDB/" + Report + "/v1");
        request.Method = "POST";
        request.ContentType = (soap == "1.2" ? "application/soap+xml" : "text/xml") + "; charset=utf-8";
        if (soap == "1.1") request.Headers["SOAPAction"] = "\"\"";
        request.Headers["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(system + ":" + key));
        byte[] bytes = Encoding.UTF8.GetBytes(message.OuterXml);
        using (var stream = request.GetRequestStream()) stream.Write(bytes, 0, bytes.Length);
        try
        {
            var answer = new XmlDocument();
            using (var response = request.GetResponse()) answer.Load(response.GetResponseStream());
            var given = answer.GetElementsByTagName(answerName, Ipl)[0];
            return (TAnswer)new XmlSerializer(typeof(TAnswer), new XmlRootAttribute(answerName) { Namespace = Ipl }).Deserialize(new XmlNodeReader(given));
        }
        catch (WebException error)
        {
            if (error.Response == null) throw;
            throw new Exception(new StreamReader(error.Response.GetResponseStream()).ReadToEnd());
        }
    }

    static void Sign(XmlDocument message, XmlElement header)
    {
        var security = Child(header, "wsse:Security", Wsse);
        var timestamp = Child(security, "u:Timestamp", Wsu);
        timestamp.SetAttribute("Id", Wsu, "tid");
        Child(timestamp, "u:Created", Wsu).InnerText = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ");
        Child(timestamp, "u:Expires", Wsu).InnerText = DateTime.UtcNow.AddMinutes(5).ToString("yyyy-MM-ddTHH:mm:ssZ");
        var token = Child(security, "wsse:BinarySecurityToken", Wsse);
        token.SetAttribute("Id", Wsu, "certifikat");
        token.SetAttribute("ValueType", X509V3);
        token.SetAttribute("EncodingType", Oasis + "soap-message-security-1.0#Base64Binary");
        token.InnerText = Convert.ToBase64String(certificate.RawData);

        var signer = new WsuSignedXml(message) { SigningKey = certificate.PrivateKey };
        signer.SignedInfo.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signer.SignedInfo.SignatureMethod = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
        foreach (var id in new[] { "#tid", "#body" })
        {
            var reference = new Reference(id) { DigestMethod = "http://www.w3.org/2001/04/xmlenc#sha256" };
            reference.AddTransform(new XmlDsigExcC14NTransform());
            signer.AddReference(reference);
        }
        var pointer = message.CreateElement("wsse:SecurityTokenReference", Wsse);
        var direct = Child(pointer, "wsse:Reference", Wsse);
        direct.SetAttribute("URI", "#certifikat");
        direct.SetAttribute("ValueType", X509V3);
        signer.KeyInfo.AddClause(new KeyInfoNode(pointer));
        signer.ComputeSignature();
        security.AppendChild(message.ImportNode(signer.GetXml(), true));
    }

    static XmlElement Child(XmlElement parent, string name, string space)
    {
        return (XmlElement)parent.AppendChild(parent.OwnerDocument.CreateElement(name, space));
    }

    // SignedXml looks for Id without a namespace alone.
    class WsuSignedXml : SignedXml
    {
        public WsuSignedXml(XmlDocument document) : base(document) { }

        public override XmlElement GetIdElement(XmlDocument document, string id)
        {
            foreach (XmlElement element in document.GetElementsByTagName("*"))
                if (element.GetAttribute("Id", Wsu) == id) return element;
            return null;
        }
    }

    // Prints a step as a line of JSON: names and values in turn; every value as text, what is absent left out.
    static void Say(string step, params object[] fields)
    {
        var line = new Dictionary<string, string> { { "step", step } };
        for (int i = 0; i < fields.Length; i += 2)
            if (fields[i + 1] != null) line[(string)fields[i]] = fields[i + 1].ToString();
        Console.WriteLine(new JavaScriptSerializer().Serialize(line));
    }
}
