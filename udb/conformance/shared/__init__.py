"""What the service, sender and fetcher parts have in common."""
