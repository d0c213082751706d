// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with Go's encoding/xml (Debian: golang-go).
//
//	./build.sh ADDRESS FOLDER SOAP
//	FOLDER/client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed. Go has no generator that keeps to the contract: the
// types are written by hand here, their fields in the contract's order. Only the standard library is needed.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	reportService = "IndberetningUngdomsuddannelse"
	fetchService  = "DataTilKommune"
)

var (
	beforeAll                                               = "UDB-" + strings.Repeat("0", 23)
	address, system, key, soap, youth, school, kommune, day string
	client                                                  = http.Client{Timeout: 30 * time.Second}
)

// An element without a namespace of its own is written without one, and so is in its parent's. Read, it is in any.
type envelope struct {
	XMLName xml.Name
	Body    struct {
		XMLName xml.Name
		Content any
	}
}

type request struct {
	XMLName    xml.Name
	Identifier *identifier
	Message    any
}

type identifier struct {
	SystemName          string
	SystemTransactionID string
}

type uddannelse struct {
	COsAFormaal        string
	COsAFormaalVersion int
}

// Annullering has no omitempty: false would be left out, and the contract demands it.
type report struct {
	CPRNr             string
	HaendelseNummer   string `xml:",omitempty"`
	InstitutionNummer string
	HaendelseDato     string
	Status            int
	AfbrudsarsagsKode string `xml:",omitempty"`
	KildeLeverandoer  string
	Uddannelse        uddannelse
	Annullering       bool
}

type reportMessage struct {
	Report report `xml:"http://udb.stil.dk/v1 IndberetningUngdomsuddannelse"`
}

type receipt struct {
	Resultat         string
	HaendelseNummer  string
	ForloebId        string
	Registreringstid string
	Fejl             []struct {
		FejlKode                 string
		Alvor                    string
		FejlTekst                string
		Element                  string
		VedroererHaendelseNummer string
	}
}

type criterion struct {
	InstitutionNummer string
	HaendelseNummer   string `xml:",omitempty"`
	CPRNr             string `xml:",omitempty"`
}

type fetchMessage struct {
	Criterion criterion `xml:"http://udb.stil.dk/v1 HentHaendelser"`
}

type events struct {
	FindesFlereHaendelser   string
	HoejesteHaendelseNummer string
	HaendelserUng           []struct {
		CPRNr                       string
		HaendelseUddannelsesForloeb []struct {
			HaendelseNummer  string
			ForloebId        string
			HaendelseDato    string
			Status           string
			KildeLeverandoer string
			Uddannelse       *uddannelse
			Registreringstid string
		}
	}
}

// A fault's detail is named in lower case in SOAP 1.1 and with a capital in 1.2.
type fault struct {
	Detail11 *detail `xml:"detail"`
	Detail12 *detail `xml:"Detail"`
}

type detail struct {
	ErrorCode    string `xml:"ServiceFaultDetailer>ErrorCode"`
	ErrorMessage string `xml:"ServiceFaultDetailer>ErrorMessage"`
}

func (d *detail) Error() string { return d.ErrorCode + " " + d.ErrorMessage }

// post sends a message and gives what is in the element of the answer; the error of a fault is its *detail.
func post[Content any](service, name string, message any) (content Content, err error) {
	space, media := "http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8"
	if soap == "1.2" {
		space, media = "http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8"
	}
	var out envelope
	out.XMLName = xml.Name{Space: space, Local: "Envelope"}
	out.Body.XMLName = xml.Name{Space: space, Local: "Body"}
	ipl := "http://ipl.stil.dk/services/udb/" + strings.ToLower(service) + "/v1"
	payload := request{XMLName: xml.Name{Space: ipl, Local: name}, Message: message}
	if message != nil {
		payload.Identifier = &identifier{"Go", transaction()}
	}
	out.Body.Content = payload
	sent, err := xml.Marshal(out)
	if err != nil {
		return content, err
	}
	call, err := http.NewRequest("POST", address+"/services/UDB/"+service+"/v1", bytes.NewReader(sent))
	if err != nil {
		return content, err
	}
	call.SetBasicAuth(system, key)
	call.Header.Set("Content-Type", media)
	if soap == "1.1" {
		call.Header.Set("SOAPAction", `""`)
	}
	answer, err := client.Do(call)
	if err != nil {
		return content, err
	}
	defer answer.Body.Close()
	var in struct {
		Body struct {
			Fault   *fault
			Content Content `xml:",any"`
		}
	}
	if err := xml.NewDecoder(answer.Body).Decode(&in); err != nil {
		return content, fmt.Errorf("HTTP %s: %w", answer.Status, err)
	}
	switch said := in.Body.Fault; {
	case said == nil:
		return in.Body.Content, nil
	case said.Detail11 != nil:
		return content, said.Detail11
	case said.Detail12 != nil:
		return content, said.Detail12
	default:
		return content, fmt.Errorf("HTTP %s: a fault without detail", answer.Status)
	}
}

func transaction() string {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		log.Fatal(err)
	}
	return fmt.Sprintf("%x", random)
}

// say prints a step as a line of JSON: names and values in turn; what is absent (empty) is left out.
func say(step string, fields ...string) {
	line := `{"step":` + quoted(step)
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] != "" {
			line += "," + quoted(fields[i]) + ":" + quoted(fields[i+1])
		}
	}
	fmt.Println(line + "}")
}

func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		log.Fatal(err)
	}
	return string(out)
}

// optag reports that the youth begins hf.
func optag(at, cause string) (receipt, error) {
	answer, err := post[struct {
		Receipt receipt `xml:"Message>IndberetningUngdomsuddannelseSvar"`
	}](reportService, "IndberetningUngdomsuddannelseRequest", reportMessage{report{
		CPRNr:             youth,
		InstitutionNummer: at,
		HaendelseDato:     day + "T00:00:00",
		Status:            1,
		AfbrudsarsagsKode: cause,
		KildeLeverandoer:  "Klient på prøve",
		Uddannelse:        uddannelse{"3017", 2},
	}})
	return answer.Receipt, err
}

// fetch fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
func fetch(step string, wanted criterion) {
	wanted.InstitutionNummer = kommune
	answer, err := post[struct {
		Events events `xml:"Message>HentHaendelserSvar"`
	}](fetchService, "HentHaendelserRequest", fetchMessage{wanted})
	if err != nil {
		log.Fatal(err)
	}
	say(step, "FindesFlereHaendelser", answer.Events.FindesFlereHaendelser,
		"HoejesteHaendelseNummer", answer.Events.HoejesteHaendelseNummer)
	for _, ung := range answer.Events.HaendelserUng {
		for _, event := range ung.HaendelseUddannelsesForloeb {
			formaal := ""
			if event.Uddannelse != nil {
				formaal = event.Uddannelse.COsAFormaal
			}
			say(step+".haendelse", "CPRNr", ung.CPRNr, "HaendelseNummer", event.HaendelseNummer,
				"ForloebId", event.ForloebId, "HaendelseDato", event.HaendelseDato, "Status", event.Status,
				"KildeLeverandoer", event.KildeLeverandoer, "COsAFormaal", formaal,
				"Registreringstid", event.Registreringstid)
		}
	}
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 9 {
		log.Fatal("client ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY")
	}
	for i, parameter := range []*string{&address, &system, &key, &soap, &youth, &school, &kommune, &day} {
		*parameter = os.Args[i+1]
	}

	up, err := post[struct{ Status string }](fetchService, "PingRequest", nil)
	if err != nil {
		log.Fatal(err)
	}
	say("ping", "Status", up.Status)

	taken, err := optag(school, "")
	if err != nil {
		log.Fatal(err)
	}
	say("optag", "Resultat", taken.Resultat, "HaendelseNummer", taken.HaendelseNummer, "ForloebId", taken.ForloebId,
		"Registreringstid", taken.Registreringstid)

	// The same once more, and with a cause that only an afbrud has: refused, with every reason.
	refused, err := optag(school, "9")
	if err != nil {
		log.Fatal(err)
	}
	say("afvist", "Resultat", refused.Resultat, "Registreringstid", refused.Registreringstid)
	for _, fejl := range refused.Fejl {
		say("afvist.fejl", "FejlKode", fejl.FejlKode, "Alvor", fejl.Alvor, "FejlTekst", fejl.FejlTekst,
			"Element", fejl.Element, "VedroererHaendelseNummer", fejl.VedroererHaendelseNummer)
	}

	// No system has a dataaftale for this institution.
	_, err = optag("000000", "")
	if because, ok := err.(*detail); ok {
		say("fault", "ErrorCode", because.ErrorCode, "ErrorMessage", because.ErrorMessage)
	} else if err != nil {
		log.Fatal(err)
	}

	fetch("new", criterion{})
	fetch("number", criterion{HaendelseNummer: beforeAll})
	fetch("cpr", criterion{CPRNr: youth})
}
