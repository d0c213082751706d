// The caller's certificate as RFC 9440 writes it: base64 of the DER form between colons; empty without one.
function certifikat(r) {
    const pem = r.variables.ssl_client_raw_cert;
    return pem ? ':' + pem.replace(/-----[A-Z ]+-----|\s/g, '') + ':' : '';
}

export default { certifikat };
