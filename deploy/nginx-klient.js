// The caller's certificate as RFC 9440 writes it: base64 of the DER form between colons; empty without one.
function certifikat(r) {
    const pem = r.variables.ssl_client_raw_cert;
    return pem ? ':' + pem.replace(/-----[A-Z ]+-----|\s/g, '') + ':' : '';
}

// What nginx answers itself, as the faults of the contract (docs/spec/contract.md, 3): a toolkit reads no HTML. Each with its
// SOAP code in both versions, its HTTP status over 1.1 and 1.2 and on a page, and its texts: those of udb/wsdl/faults.py, and
// Details. tests/deploy/test_nginx.py compares them.
const FEJL = {
    stoppet: {
        kode: 'UDB009104', soap: ['Server', 'Receiver'], status: [500, 500, 503], vent: '30',
        tekst: 'Databasen kan ikke nås lige nu, og kaldet er ikke bekræftet. Send det igen om 30 sekunder med samme ' +
            'SystemTransactionID; så gemmes det højst én gang.',
        details: 'Tjenesten svarer ikke.',
    },
    travl: {
        kode: 'UDB009105', soap: ['Client', 'Sender'], status: [500, 400, 429], vent: '30',
        tekst: 'Systemet kalder for ofte. Vent, og send kaldet igen.',
        details: 'Der er for mange forbindelser på én gang fra jeres adresse.',
    },
    stort: {
        kode: 'UDB009103', soap: ['Client', 'Sender'], status: [413, 413, 413],
        tekst: 'Kaldet er for stort. Del det op, og send igen.',
        details: 'Det er over 16 MiB.',
    },
    ukendt: {
        kode: 'UDB009101', soap: ['Client', 'Sender'], status: [500, 400, 400],
        tekst: 'Systemet er ikke godkendt. Ret systemets adgangsoplysninger, og send igen.',
        details: 'Klientcertifikatet er udløbet, ikke gyldigt endnu eller udstedt af nogen, tjenesten ikke kender.',
    },
    ukrypteret: {
        kode: 'UDB009107', soap: ['Client', 'Sender'], status: [500, 400, 400],
        tekst: 'Tjenesten kan ikke modtage kald, der er sendt sådan. Ret det, der står i Details, og send igen.',
        details: 'Send kaldet med https. Det, der blev sendt nu, var ikke krypteret.',
    },
};

// A call gets the fault in its own SOAP version; anything else a page.
function svar(r, navn) {
    const fejl = FEJL[navn];
    if (fejl.vent) {
        r.headersOut['Retry-After'] = fejl.vent;
    }
    if (r.method !== 'POST') {
        r.headersOut['Content-Type'] = 'text/html; charset=utf-8';
        r.return(fejl.status[2], side(fejl));
        return;
    }
    const medie = (r.headersIn['Content-Type'] || '').split(';')[0].trim().toLowerCase();
    const version = medie === 'text/xml' ? 0 : 1;
    r.headersOut['Content-Type'] = ['text/xml', 'application/soap+xml'][version] + '; charset=utf-8';
    r.return(fejl.status[version], konvolut(r, fejl, version));
}

function konvolut(r, fejl, version) {
    const tjeneste = /^\/services\/UDB\/([A-Za-z]+)\/v1$/.exec(r.uri);
    const ipl = 'http://ipl.stil.dk/services/udb/' + (tjeneste ? tjeneste[1].toLowerCase() + '/' : '') + 'v1';
    // The same number is in nginx's log.
    const nummer = r.variables.request_id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const detail = `<ipl:ServiceFaultDetailer xmlns:ipl="${ipl}"><ipl:CorrelationID>${nummer}</ipl:CorrelationID>` +
        `<ipl:Timestamp>${new Date().toISOString()}</ipl:Timestamp><ipl:ErrorCode>${fejl.kode}</ipl:ErrorCode>` +
        `<ipl:ErrorMessage>${fejl.tekst}</ipl:ErrorMessage><ipl:Details>${fejl.details}</ipl:Details>` +
        '<ipl:SourceSystemError><ipl:SourceSystemName>UDB</ipl:SourceSystemName>' +
        `<ipl:ErrorCode>${fejl.kode}</ipl:ErrorCode><ipl:Details>${fejl.details}</ipl:Details></ipl:SourceSystemError>` +
        '</ipl:ServiceFaultDetailer>';
    // As the service does: many toolkits show no other text.
    const grund = fejl.tekst + ' ' + fejl.details;
    const indhold = version === 0 ?
        `<faultcode>soap:${fejl.soap[0]}</faultcode><faultstring>${grund}</faultstring><detail>${detail}</detail>` :
        `<soap:Code><soap:Value>soap:${fejl.soap[1]}</soap:Value></soap:Code>` +
        `<soap:Reason><soap:Text xml:lang="da">${grund}</soap:Text></soap:Reason><soap:Detail>${detail}</soap:Detail>`;
    const soap = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'][version];
    return `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${soap}"><soap:Body><soap:Fault>` +
        `${indhold}</soap:Fault></soap:Body></soap:Envelope>`;
}

function side(fejl) {
    const igen = fejl.vent ? ` Prøv igen om ${fejl.vent} sekunder.` : '';
    return '<!doctype html>\n<html lang="da"><head><meta charset="utf-8"><title>Ungedatabasen</title></head>\n' +
        `<body><h1>Ungedatabasen</h1><p>${fejl.details}${igen}</p></body></html>\n`;
}

function stoppet(r) {
    svar(r, 'stoppet');
}

function travl(r) {
    svar(r, 'travl');
}

function stort(r) {
    svar(r, 'stort');
}

function ukendt(r) {
    svar(r, 'ukendt');
}

// On port 80: a reader is sent on. A call is refused, since its data has already been read on the way.
function ukrypteret(r) {
    if (r.method === 'GET' || r.method === 'HEAD') {
        r.return(301, 'https://' + r.variables.server_name + r.variables.request_uri);
    } else {
        svar(r, 'ukrypteret');
    }
}

export default { certifikat, stoppet, travl, stort, ukendt, ukrypteret };
