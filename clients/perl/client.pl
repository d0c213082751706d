#!/usr/bin/env perl
# Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with SOAP::Lite (Debian: libsoap-lite-perl).
#
#   perl client.pl ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
#
# README.md beside this folder says what these are and what is printed. SOAP::Lite reads no document/literal contract:
# names, their namespaces (ipl, v1) and their order are written by hand here.
use strict;
use warnings;
use utf8;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use SOAP::Lite;

my ($REPORT, $FETCH) = ('IndberetningUngdomsuddannelse', 'DataTilKommune');
my $BEFORE_ALL = 'UDB-' . '0' x 23;
my ($address, $system, $key, $soap, $youth, $school, $kommune, $day) = @ARGV;
# Without it an empty element would say xsi:nil.
my $NOTHING = SOAP::Data->type(xml => '');
my $calls = 0;
$| = 1;

# Sends the element ipl:<name> with what is in it; gives the answer, a fault too, as SOAP::SOM.
sub post {
    my ($service, $name, @content) = @_;
    my $client = SOAP::Lite->soapversion($soap)->proxy("$address/services/UDB/$service/v1", timeout => 30);
    $client->transport->http_request->header(Authorization => 'Basic ' . encode_base64("$system:$key", ''));
    $client->on_action(sub { '""' });
    $client->on_fault(sub { my ($self, $som) = @_; ref $som ? $som : die $self->transport->status . "\n" });
    my $serializer = $client->serializer->autotype(0);
    $serializer->encodingStyle('');
    $serializer->register_ns('http://ipl.stil.dk/services/udb/' . lc($service) . '/v1', 'ipl');
    $serializer->register_ns('http://udb.stil.dk/v1', 'v1');
    return $client->call("ipl:$name", @content);
}

# An element; its content is text or a list of elements.
sub element {
    my ($name, @content) = @_;
    return SOAP::Data->name($name => ref $content[0] ? \SOAP::Data->value(@content) : $content[0]);
}

# Calls an operation in its envelope.
sub call {
    my ($service, $operation, @payload) = @_;
    my $id = sprintf '%d-%d-%d', time, $$, ++$calls;
    return post($service, "${operation}Request",
        element('ipl:Identifier', element('ipl:SystemName', 'SOAP::Lite'), element('ipl:SystemTransactionID', $id)),
        element('ipl:Message', element("v1:$operation", @payload)));
}

# The report that the youth begins hf.
sub optag {
    my (%changes) = @_;
    my %fields = (
        CPRNr => $youth, InstitutionNummer => $school, HaendelseDato => "${day}T00:00:00", Status => 1,
        KildeLeverandoer => 'Klient på prøve', Annullering => 'false', %changes,
    );
    return (
        (map { element("v1:$_", $fields{$_}) } grep { exists $fields{$_} }
            qw(CPRNr InstitutionNummer HaendelseDato Status AfbrudsarsagsKode KildeLeverandoer)),
        element('v1:Uddannelse', element('v1:COsAFormaal', '3017'), element('v1:COsAFormaalVersion', 2)),
        element('v1:Annullering', $fields{Annullering}),
    );
}

# Prints a step as a line of JSON: what the answer has of these fields, every value as text.
sub say_step {
    my ($step, $source, @names) = @_;
    my %line = (step => $step, map { $_ => "$source->{$_}" } grep { defined $source->{$_} } @names);
    print JSON::PP->new->utf8->canonical->encode(\%line), "\n";
}

# Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
sub fetch {
    my ($step, @criterion) = @_;
    my $som = call($FETCH, 'HentHaendelser', element('v1:InstitutionNummer', $kommune), @criterion);
    my $svar = '//HentHaendelserSvar';
    say_step($step, scalar $som->valueof($svar), 'FindesFlereHaendelser', 'HoejesteHaendelseNummer');
    # By its place: of elements with one name, valueof of their parent keeps the last.
    for (my $place = 1; $som->match("$svar/[$place]"); $place++) {
        my $cprnr = $som->valueof("$svar/[$place]/CPRNr");
        for my $event ($som->valueof("$svar/[$place]/HaendelseUddannelsesForloeb")) {
            my %known = (%$event, CPRNr => $cprnr, COsAFormaal => $event->{Uddannelse}{COsAFormaal});
            say_step("$step.haendelse", \%known, qw(CPRNr HaendelseNummer ForloebId HaendelseDato Status
                KildeLeverandoer COsAFormaal Registreringstid));
        }
    }
}

say_step('ping', scalar post($FETCH, 'PingRequest', $NOTHING)->valueof('//PingResponse'), 'Status');

my $receipt = call($REPORT, $REPORT, optag())->valueof("//${REPORT}Svar");
say_step('optag', $receipt, qw(Resultat HaendelseNummer ForloebId Registreringstid));

# The same once more, and with a cause that only an afbrud has: refused, with every reason.
my $refused = call($REPORT, $REPORT, optag(AfbrudsarsagsKode => '9'));
say_step('afvist', scalar $refused->valueof("//${REPORT}Svar"), qw(Resultat Registreringstid));
for my $fejl ($refused->valueof("//${REPORT}Svar/Fejl")) {
    say_step('afvist.fejl', $fejl, qw(FejlKode Alvor FejlTekst Element VedroererHaendelseNummer));
}

# No system has a dataaftale for this institution.
my $fault = call($REPORT, $REPORT, optag(InstitutionNummer => '000000'));
say_step('fault', scalar $fault->valueof('//ServiceFaultDetailer'), qw(ErrorCode ErrorMessage)) if $fault->fault;

fetch('new');
fetch('number', element('v1:HaendelseNummer', $BEFORE_ALL));
fetch('cpr', element('v1:CPRNr', $youth));
