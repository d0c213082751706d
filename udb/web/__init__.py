"""Plain HTTP in addition to SOAP: front page, health, metrics, rule book and the sandbox's API."""
