"""The conformance suite: does a service, a sender or a fetcher behave as the vejledning says?"""
