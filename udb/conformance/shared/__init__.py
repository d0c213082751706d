"""The common code of the service, sender and fetcher parts."""
