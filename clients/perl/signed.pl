#!/usr/bin/env perl
# Report a youth's optag to Ungedatabasen in a signed call, with SOAP::Lite (Debian: libsoap-lite-perl libxml-libxml-perl
# libcrypt-openssl-rsa-perl).
#
#   perl signed.pl ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY CERTIFICATE KEYFILE
#
# README.md beside this folder says what these are and what is printed. SOAP::Lite cannot sign: it writes the message and reads
# the answer; XML::LibXML and Crypt::OpenSSL::RSA sign in between.
use strict;
use warnings;
use utf8;
use Crypt::OpenSSL::RSA;
use Digest::SHA qw(sha256_base64);
use JSON::PP;
use LWP::UserAgent;
use MIME::Base64 qw(encode_base64);
use POSIX qw(strftime);
use SOAP::Lite;
use XML::LibXML;

my ($address, $system, $key, $soap, $youth, $school, $kommune, $day, $certificate, $key_file) = @ARGV;
my $REPORT = 'IndberetningUngdomsuddannelse';
my $OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';
my ($WSSE, $WSU) = ("${OASIS}wssecurity-secext-1.0.xsd", "${OASIS}wssecurity-utility-1.0.xsd");
my $X509V3 = "${OASIS}x509-token-profile-1.0#X509v3";
my $EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#';
$| = 1;

sub slurp { my ($file) = @_; local (@ARGV, $/) = ($file); return <> }

# The canonical form of an element, as bytes: XML::LibXML gives characters.
sub canonical {
    my ($text) = $_[0]->toStringEC14N(0);
    utf8::encode($text) if utf8::is_utf8($text);
    return $text;
}

# Signs Body and a Timestamp of a message.
sub signed {
    my ($message) = @_;
    my $document = XML::LibXML->load_xml(string => $message);
    my $envelope = $document->documentElement;
    my ($body) = $envelope->getChildrenByTagNameNS($envelope->namespaceURI, 'Body');
    $body->setAttributeNS($WSU, 'wsu:Id', 'body');
    my ($header) = $envelope->getChildrenByTagNameNS($envelope->namespaceURI, 'Header');
    $header //= $envelope->insertBefore($document->createElementNS($envelope->namespaceURI, $envelope->prefix . ':Header'), $body);
    (my $token = slurp($certificate)) =~ s/-----.*?-----|\s//g;
    my ($created, $expires) = map { strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_) } time, time + 300;
    $header->appendWellBalancedChunk(qq{<wsse:Security xmlns:wsse="$WSSE" xmlns:wsu="$WSU"><wsu:Timestamp wsu:Id="tid">}
        . "<wsu:Created>$created</wsu:Created><wsu:Expires>$expires</wsu:Expires></wsu:Timestamp>"
        . qq{<wsse:BinarySecurityToken wsu:Id="certifikat" ValueType="$X509V3" }
        . qq{EncodingType="${OASIS}soap-message-security-1.0#Base64Binary">$token</wsse:BinarySecurityToken></wsse:Security>});
    my $security = $header->lastChild;
    my $references = '';
    for (['tid', $security->firstChild], ['body', $body]) {
        my ($id, $element) = @$_;
        # Digest::SHA leaves out the padding.
        my $digest = sha256_base64(canonical($element)) . '=';
        $references .= qq{<ds:Reference URI="#$id"><ds:Transforms><ds:Transform Algorithm="$EXC"/></ds:Transforms>}
            . qq{<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>$digest</ds:DigestValue>}
            . '</ds:Reference>';
    }
    $security->appendWellBalancedChunk('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
        . qq{<ds:CanonicalizationMethod Algorithm="$EXC"/>}
        . qq{<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>$references</ds:SignedInfo>}
        . qq{<ds:SignatureValue/><ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse="$WSSE">}
        . qq{<wsse:Reference URI="#certifikat" ValueType="$X509V3"/></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>});
    my ($signed_info, $value) = $security->lastChild->childNodes;
    my $rsa = Crypt::OpenSSL::RSA->new_private_key(slurp($key_file));
    $rsa->use_sha256_hash;
    $value->appendText(encode_base64($rsa->sign(canonical($signed_info)), ''));
    return $document->toString;
}

# Sends the element ipl:<name> with what is in it, signed; gives the answer as SOAP::SOM.
sub post {
    my ($name, @content) = @_;
    my $writer = SOAP::Lite->soapversion($soap)->serializer->autotype(0);
    $writer->encodingStyle('');
    $writer->register_ns('http://ipl.stil.dk/services/udb/' . lc($REPORT) . '/v1', 'ipl');
    $writer->register_ns('http://udb.stil.dk/v1', 'v1');
    my $message = signed($writer->envelope(method => "ipl:$name", @content));
    my $type = $soap eq '1.2' ? 'application/soap+xml' : 'text/xml';
    my $answer = LWP::UserAgent->new(timeout => 30)->post("$address/services/UDB/$REPORT/v1",
        Authorization => 'Basic ' . encode_base64("$system:$key", ''), 'Content-Type' => "$type; charset=utf-8",
        SOAPAction => '""', Content => $message);
    die $answer->content . "\n" unless $answer->is_success;
    return SOAP::Deserializer->deserialize($answer->content);
}

# An element; its content is text or a list of elements.
sub element {
    my ($name, @content) = @_;
    return SOAP::Data->name($name => ref $content[0] ? \SOAP::Data->value(@content) : $content[0]);
}

# Prints a step as a line of JSON: what the answer has of these fields, every value as text.
sub say_step {
    my ($step, $source, @names) = @_;
    my %line = (step => $step, map { $_ => "$source->{$_}" } grep { defined $source->{$_} } @names);
    print JSON::PP->new->utf8->canonical->encode(\%line), "\n";
}

say_step('ping', scalar post('PingRequest', SOAP::Data->type(xml => ''))->valueof('//PingResponse'), 'Status');
my $answer = post("${REPORT}Request",
    element('ipl:Identifier', element('ipl:SystemName', 'SOAP::Lite'), element('ipl:SystemTransactionID', time . "-$$")),
    element('ipl:Message', element("v1:$REPORT",
        element('v1:CPRNr', $youth), element('v1:InstitutionNummer', $school),
        element('v1:HaendelseDato', "${day}T00:00:00"), element('v1:Status', 1),
        element('v1:KildeLeverandoer', 'Klient på prøve'),
        element('v1:Uddannelse', element('v1:COsAFormaal', '3017'), element('v1:COsAFormaalVersion', 2)),
        element('v1:Annullering', 'false'))));
say_step('optag', scalar $answer->valueof("//${REPORT}Svar"), qw(Resultat HaendelseNummer ForloebId Registreringstid));
