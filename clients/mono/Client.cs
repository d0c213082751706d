// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with the proxies that Mono's wsdl makes (Debian:
// mono-devel). .NET Framework's wsdl.exe makes the same.
//
//   ./build.sh ADDRESS FOLDER SOAP
//   FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed.
using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;
using Hentning;
using Indberetning;

static class Client
{
    static readonly string BeforeAll = "UDB-" + new string('0', 23);
    static string youth, school, kommune, day;
    static IndberetningUngdomsuddannelseService report;
    static DataTilKommuneService kommuneFetch;

    static void Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        string services = arguments[0] + "/services/UDB/";
        youth = arguments[4];
        school = arguments[5];
        kommune = arguments[6];
        day = arguments[7];
        report = Prepared(new IndberetningUngdomsuddannelseService(), services + "IndberetningUngdomsuddannelse/v1", arguments);
        kommuneFetch = Prepared(new DataTilKommuneService(), services + "DataTilKommune/v1", arguments);

        Say("ping", "Status", kommuneFetch.Ping(new Hentning.PingRequest()).Status);

        var receipt = Optag(school, null);
        Say("optag", "Resultat", receipt.Resultat, "HaendelseNummer", receipt.HaendelseNummer,
            "ForloebId", receipt.ForloebId, "Registreringstid", receipt.Registreringstid);

        // The same once more, and with a cause that only an afbrud has: refused, with every reason.
        var refused = Optag(school, "9");
        Say("afvist", "Resultat", refused.Resultat, "Registreringstid", refused.Registreringstid);
        foreach (var fejl in refused.Fejl)
            Say("afvist.fejl", "FejlKode", fejl.FejlKode, "Alvor", fejl.Alvor, "FejlTekst", fejl.FejlTekst,
                "Element", fejl.Element, "VedroererHaendelseNummer", fejl.VedroererHaendelseNummer);

        try
        {
            // No system has a dataaftale for this institution.
            Optag("000000", null);
        }
        catch (SoapException fault)
        {
            const string ipl = "http://ipl.stil.dk/services/udb/indberetningungdomsuddannelse/v1";
            var detailer = fault.Detail["ServiceFaultDetailer", ipl];
            Say("fault", "ErrorCode", detailer["ErrorCode", ipl].InnerText,
                "ErrorMessage", detailer["ErrorMessage", ipl].InnerText);
        }

        Fetch("new", null, null);
        Fetch("number", BeforeAll, null);
        Fetch("cpr", null, youth);
    }

    static T Prepared<T>(T proxy, string url, string[] arguments) where T : SoapHttpClientProtocol
    {
        proxy.Url = url;
        proxy.SoapVersion = arguments[3] == "1.2" ? SoapProtocolVersion.Soap12 : SoapProtocolVersion.Soap11;
        proxy.Credentials = new NetworkCredential(arguments[1], arguments[2]);
        proxy.PreAuthenticate = true;
        return proxy;
    }

    // Reports that the youth begins hf; gives the receipt.
    static IndberetningUngdomsuddannelseSvarType Optag(string at, string cause)
    {
        var message = new IndberetningUngdomsuddannelseRequestMessageType
        {
            IndberetningUngdomsuddannelse = new IndberetningUngdomsuddannelseType
            {
                CPRNr = youth,
                InstitutionNummer = at,
                // Unspecified: sent without an offset, which the service reads as Danish time.
                HaendelseDato = DateTime.ParseExact(day, "yyyy-MM-dd", null),
                Status = 1,
                AfbrudsarsagsKode = cause,
                KildeLeverandoer = "Klient på prøve",
                Uddannelse = new Indberetning.UddannelseType { COsAFormaal = "3017", COsAFormaalVersion = 2 },
                Annullering = false,
            },
        };
        var identifier = new IndberetningUngdomsuddannelseIdentifierType { SystemName = "Mono", SystemTransactionID = Guid.NewGuid().ToString() };
        var request = new IndberetningUngdomsuddannelseRequest { Identifier = identifier, Message = message };
        return report.IndberetningUngdomsuddannelse(request).Message.IndberetningUngdomsuddannelseSvar;
    }

    // Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
    static void Fetch(string step, string number, string cprnr)
    {
        var message = new HentHaendelserRequestMessageType
        {
            HentHaendelser = new HentHaendelserType { InstitutionNummer = kommune, HaendelseNummer = number, CPRNr = cprnr },
        };
        var identifier = new HentHaendelserIdentifierType { SystemName = "Mono", SystemTransactionID = Guid.NewGuid().ToString() };
        var request = new HentHaendelserRequest { Identifier = identifier, Message = message };
        var svar = kommuneFetch.HentHaendelser(request).Message.HentHaendelserSvar;
        Say(step, "FindesFlereHaendelser", svar.FindesFlereHaendelser, "HoejesteHaendelseNummer", svar.HoejesteHaendelseNummer);
        foreach (var ung in svar.HaendelserUng ?? new HaendelserUngType[0])
            foreach (var e in ung.HaendelseUddannelsesForloeb ?? new HaendelseUddannelsesForloebType[0])
                Say(step + ".haendelse", "CPRNr", ung.CPRNr, "HaendelseNummer", e.HaendelseNummer, "ForloebId", e.ForloebId,
                    "HaendelseDato", e.HaendelseDato, "Status", e.Status, "KildeLeverandoer", e.KildeLeverandoer,
                    "COsAFormaal", e.Uddannelse == null ? null : e.Uddannelse.COsAFormaal, "Registreringstid", e.Registreringstid);
    }

    // Prints a step as a line of JSON: names and values in turn; every value as text, what is absent left out.
    static void Say(string step, params object[] fields)
    {
        var line = new Dictionary<string, string> { { "step", step } };
        for (int i = 0; i < fields.Length; i += 2)
            if (fields[i + 1] != null) line[(string)fields[i]] = Text(fields[i + 1]);
        Console.WriteLine(new JavaScriptSerializer().Serialize(line));
    }

    static string Text(object value)
    {
        if (value is DateTime) return ((DateTime)value).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz");
        if (value is bool) return (bool)value ? "true" : "false";
        return value.ToString();
    }
}
