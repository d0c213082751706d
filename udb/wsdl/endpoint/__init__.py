"""SOAP over HTTP: read a request's bytes, carry out its operation and write the bytes of the answer."""
