<?php
// Report a youth's optag to Ungedatabasen in a signed call, with PHP's SoapClient (Debian: php-cli, php-soap, php-xml).
//
//   php signed.php ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
//
// README.md beside this folder says what these are and what is printed. SoapClient cannot sign: this class signs what it is
// about to send, with DOM and OpenSSL. (The package robrichards/wse-php does the same.)
declare(strict_types=1);

const REPORT = 'IndberetningUngdomsuddannelse';
const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';
const WSSE = OASIS . 'wssecurity-secext-1.0.xsd';
const WSU = OASIS . 'wssecurity-utility-1.0.xsd';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const X509V3 = OASIS . 'x509-token-profile-1.0#X509v3';
[, $address, $system, $key, $soap, $youth, $school, $kommune, $day, $certificate, $keyFile] = $argv;

class SigningClient extends SoapClient
{
    public string $certificate;
    public string $key;

    public function __doRequest($request, $location, $action, $version, $oneWay = false): ?string
    {
        return parent::__doRequest($this->signed($request), $location, $action, $version, (bool) $oneWay);
    }

    private function signed(string $request): string
    {
        $message = new DOMDocument();
        $message->loadXML($request);
        $envelope = $message->documentElement;
        $body = $envelope->getElementsByTagNameNS($envelope->namespaceURI, 'Body')->item(0);
        $body->setAttributeNS(WSU, 'wsu:Id', 'body');
        $header = $envelope->getElementsByTagNameNS($envelope->namespaceURI, 'Header')->item(0)
            ?? $envelope->insertBefore($message->createElementNS($envelope->namespaceURI, "$envelope->prefix:Header"), $body);
        $token = preg_replace('/-----.*?-----|\s/', '', $this->certificate);
        $created = gmdate('Y-m-d\TH:i:s\Z');
        $expires = gmdate('Y-m-d\TH:i:s\Z', time() + 300);
        $this->append($header, '<wsse:Security xmlns:wsse="' . WSSE . '" xmlns:wsu="' . WSU . '">'
            . "<wsu:Timestamp wsu:Id=\"tid\"><wsu:Created>$created</wsu:Created><wsu:Expires>$expires</wsu:Expires></wsu:Timestamp>"
            . '<wsse:BinarySecurityToken wsu:Id="certifikat" ValueType="' . X509V3 . '" EncodingType="' . OASIS
            . "soap-message-security-1.0#Base64Binary\">$token</wsse:BinarySecurityToken></wsse:Security>");
        $security = $header->lastChild;
        $references = '';
        foreach (['tid' => $security->firstChild, 'body' => $body] as $id => $element) {
            $digest = base64_encode(hash('sha256', $element->C14N(true), true));
            $references .= "<ds:Reference URI=\"#$id\"><ds:Transforms><ds:Transform Algorithm=\"" . EXC . '"/></ds:Transforms>'
                . "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>$digest</ds:DigestValue>"
                . '</ds:Reference>';
        }
        $this->append($security, '<ds:Signature xmlns:ds="' . DS . '"><ds:SignedInfo>'
            . '<ds:CanonicalizationMethod Algorithm="' . EXC . '"/>'
            . "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>$references</ds:SignedInfo>"
            . '<ds:SignatureValue/><ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse="' . WSSE . '">'
            . '<wsse:Reference URI="#certifikat" ValueType="' . X509V3 . '"/></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>');
        [$signedInfo, $value] = iterator_to_array($security->lastChild->childNodes);
        openssl_sign($signedInfo->C14N(true), $signature, $this->key, OPENSSL_ALGO_SHA256);
        $value->nodeValue = base64_encode($signature);
        return $message->saveXML();
    }

    private function append(DOMElement $parent, string $xml): void
    {
        $fragment = $parent->ownerDocument->createDocumentFragment();
        $fragment->appendXML($xml);
        $parent->appendChild($fragment);
    }
}

// Prints a step as a line of JSON: what the answer has of these fields, every value as text.
function say(string $step, object $source, string ...$names): void
{
    $line = ['step' => $step];
    foreach ($names as $name) {
        if (isset($source->$name)) {
            $line[$name] = (string) $source->$name;
        }
    }
    echo json_encode($line, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}

$client = new SigningClient("$address/services/UDB/" . REPORT . '/v1?wsdl', [
    'soap_version' => $soap === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'login' => $system,
    'password' => $key,
    'cache_wsdl' => WSDL_CACHE_NONE,
    // Outside the sandbox, one file with both is the client certificate too: 'local_cert' => 'both.pem'
]);
$client->certificate = file_get_contents($certificate);
$client->key = file_get_contents($keyFile);

say('ping', $client->Ping((object) []), 'Status');
$answer = $client->{REPORT}([
    'Identifier' => ['SystemName' => 'PHP', 'SystemTransactionID' => bin2hex(random_bytes(16))],
    'Message' => [REPORT => [
        'CPRNr' => $youth,
        'InstitutionNummer' => $school,
        'HaendelseDato' => "{$day}T00:00:00",
        'Status' => 1,
        'KildeLeverandoer' => 'Klient på prøve',
        'Uddannelse' => ['COsAFormaal' => '3017', 'COsAFormaalVersion' => 2],
        'Annullering' => false,
    ]],
]);
say('optag', $answer->Message->{REPORT . 'Svar'}, 'Resultat', 'HaendelseNummer', 'ForloebId', 'Registreringstid');
