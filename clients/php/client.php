<?php
// Report a youth's optag to Ungedatabasen and fetch it again as the kommune, with PHP's SoapClient (Debian: php-cli, php-soap).
//
//   php client.php ADDRESS SYSTEM KEY SOAP YOUTH SCHOOL KOMMUNE DAY
//
// README.md beside this folder says what these are and what is printed.
declare(strict_types=1);

const REPORT = 'IndberetningUngdomsuddannelse';
const FETCH = 'DataTilKommune';
const BEFORE_ALL = 'UDB-00000000000000000000000';
[, $address, $system, $key, $soap, $youth, $school, $kommune, $day] = $argv;

$clients = [];
foreach ([REPORT, FETCH] as $name) {
    $clients[$name] = new SoapClient("$address/services/UDB/$name/v1?wsdl", [
        'soap_version' => $soap === '1.2' ? SOAP_1_2 : SOAP_1_1,
        'login' => $system,
        'password' => $key,
        // One youth, one event or one Fejl is a list too.
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        // While you develop; in production a cached contract saves two calls each time.
        'cache_wsdl' => WSDL_CACHE_NONE,
    ]);
}

// Calls an operation in its envelope; gives the payload of the answer.
function call(string $service, string $operation, array $payload): object
{
    global $clients;
    $identifier = ['SystemName' => 'PHP', 'SystemTransactionID' => bin2hex(random_bytes(16))];
    $answer = $clients[$service]->$operation(['Identifier' => $identifier, 'Message' => [$operation => $payload]]);
    return $answer->Message->{$operation . 'Svar'};
}

// Prints a step as a line of JSON: what the answer has of these fields, every value as text.
function say(string $step, object $source, string ...$names): void
{
    $line = ['step' => $step];
    foreach ($names as $name) {
        $value = $source->$name ?? null;
        if ($value !== null) {
            $line[$name] = is_bool($value) ? var_export($value, true) : (string) $value;
        }
    }
    echo json_encode($line, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}

// The report that the youth begins hf.
function optag(array $changes = []): array
{
    global $youth, $school, $day;
    return $changes + [
        'CPRNr' => $youth,
        'InstitutionNummer' => $school,
        'HaendelseDato' => "{$day}T00:00:00",
        'Status' => 1,
        'KildeLeverandoer' => 'Klient på prøve',
        'Uddannelse' => ['COsAFormaal' => '3017', 'COsAFormaalVersion' => 2],
        'Annullering' => false,
    ];
}

// Fetches events as the kommune: what is new, what follows a number, or what is known of one youth.
function fetch(string $step, array $criterion): void
{
    global $kommune;
    $svar = call(FETCH, 'HentHaendelser', ['InstitutionNummer' => $kommune] + $criterion);
    say($step, $svar, 'FindesFlereHaendelser', 'HoejesteHaendelseNummer');
    foreach ($svar->HaendelserUng ?? [] as $ung) {
        foreach ($ung->HaendelseUddannelsesForloeb ?? [] as $event) {
            $event->CPRNr = $ung->CPRNr;
            $event->COsAFormaal = $event->Uddannelse->COsAFormaal ?? null;
            say("$step.haendelse", $event, 'CPRNr', 'HaendelseNummer', 'ForloebId', 'HaendelseDato', 'Status',
                'KildeLeverandoer', 'COsAFormaal', 'Registreringstid');
        }
    }
}

say('ping', $clients[FETCH]->Ping((object) []), 'Status');

$receipt = call(REPORT, REPORT, optag());
say('optag', $receipt, 'Resultat', 'HaendelseNummer', 'ForloebId', 'Registreringstid');

// The same once more, and with a cause that only an afbrud has: refused, with every reason.
$refused = call(REPORT, REPORT, optag(['AfbrudsarsagsKode' => '9']));
say('afvist', $refused, 'Resultat', 'Registreringstid');
foreach ($refused->Fejl as $fejl) {
    say('afvist.fejl', $fejl, 'FejlKode', 'Alvor', 'FejlTekst', 'Element', 'VedroererHaendelseNummer');
}

try {
    // No system has a dataaftale for this institution.
    call(REPORT, REPORT, optag(['InstitutionNummer' => '000000']));
} catch (SoapFault $fault) {
    say('fault', $fault->detail->ServiceFaultDetailer, 'ErrorCode', 'ErrorMessage');
}

fetch('new', []);
fetch('number', ['HaendelseNummer' => BEFORE_ALL]);
fetch('cpr', ['CPRNr' => $youth]);
