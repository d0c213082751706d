#!/bin/sh
# Report a youth's optag to Ungedatabasen in a signed call, with the programs xmlsec1 and curl (Debian: xmlsec1 curl):
# for toolkits that cannot sign what they send.
#
#   sh signed.sh ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
#
# ../README.md describes the parameters and the output.
set -eu
address=$1 system=$2 key=$3 soap=$4 youth=$5 school=$6 day=$8 certificate=$9
shift 9
key_file=$1
service=IndberetningUngdomsuddannelse
namespace=http://ipl.stil.dk/services/udb/indberetningungdomsuddannelse/v1
oasis=http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss
wsu=$oasis-wssecurity-utility-1.0.xsd
if [ "$soap" = 1.2 ]; then envelope=http://www.w3.org/2003/05/soap-envelope type=application/soap+xml
else envelope=http://schemas.xmlsoap.org/soap/envelope/ type=text/xml; fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

reference() {
  printf '<ds:Reference URI="#%s"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>' "$1"
  printf '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>'
}

# Signs the content of Body and sends it; prints the answer.
call() {
  cat > "$folder/message.xml" <<XML
<s:Envelope xmlns:s="$envelope" xmlns:u="$wsu"><s:Header><w:Security xmlns:w="$oasis-wssecurity-secext-1.0.xsd">
<u:Timestamp u:Id="tid"><u:Created>$(date -u +%Y-%m-%dT%H:%M:%SZ)</u:Created></u:Timestamp>
<w:BinarySecurityToken u:Id="certifikat" ValueType="$oasis-x509-token-profile-1.0#X509v3"
  EncodingType="$oasis-soap-message-security-1.0#Base64Binary">$(grep -v CERTIFICATE "$certificate")</w:BinarySecurityToken>
<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
$(reference tid)$(reference body)</ds:SignedInfo><ds:SignatureValue/>
<ds:KeyInfo><w:SecurityTokenReference><w:Reference URI="#certifikat" ValueType="$oasis-x509-token-profile-1.0#X509v3"/>
</w:SecurityTokenReference></ds:KeyInfo></ds:Signature></w:Security></s:Header><s:Body u:Id="body">$1</s:Body></s:Envelope>
XML
  xmlsec1 --sign --privkey-pem "$key_file" --id-attr:Id "$envelope:Body" --id-attr:Id "$wsu:Timestamp" \
    --output "$folder/signed.xml" "$folder/message.xml"
  # As bytes (--data-binary): what is changed after the signing is refused.
  curl --silent --show-error --fail-with-body --user "$system:$key" --header "Content-Type: $type; charset=utf-8" \
    --header 'SOAPAction: ""' --data-binary "@$folder/signed.xml" "$address/services/UDB/$service/v1"
}

# Prints a step as a line of JSON: what the answer in $answer has of these elements.
say() {
  line="{\"step\":\"$1\""
  shift
  for name in "$@"; do
    value=$(printf %s "$answer" | grep -o "<[a-z0-9]*:\{0,1\}$name>[^<]*" | head -n 1 | cut -d '>' -f 2)
    if [ -n "$value" ]; then line="$line,\"$name\":\"$value\""; fi
  done
  echo "$line}"
}

answer=$(call "<ipl:PingRequest xmlns:ipl=\"$namespace\"/>")
say ping Status
answer=$(call "<ipl:${service}Request xmlns:ipl=\"$namespace\" xmlns:v1=\"http://udb.stil.dk/v1\"><ipl:Identifier>
<ipl:SystemName>xmlsec1</ipl:SystemName><ipl:SystemTransactionID>$(date +%s)-$$</ipl:SystemTransactionID></ipl:Identifier>
<ipl:Message><v1:$service><v1:CPRNr>$youth</v1:CPRNr><v1:InstitutionNummer>$school</v1:InstitutionNummer>
<v1:HaendelseDato>${day}T00:00:00</v1:HaendelseDato><v1:Status>1</v1:Status>
<v1:KildeLeverandoer>Klient på prøve</v1:KildeLeverandoer>
<v1:Uddannelse><v1:COsAFormaal>3017</v1:COsAFormaal><v1:COsAFormaalVersion>2</v1:COsAFormaalVersion></v1:Uddannelse>
<v1:Annullering>false</v1:Annullering></v1:$service></ipl:Message></ipl:${service}Request>")
say optag Resultat HaendelseNummer ForloebId Registreringstid
