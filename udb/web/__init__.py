"""Plain HTTP beside SOAP: front page, health, metrics, rule book and the sandbox's API."""
