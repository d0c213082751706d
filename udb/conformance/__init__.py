"""The conformance suite: check that a service, a sender or a fetcher behaves as the vejledning says."""
