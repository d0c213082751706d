"""Put a fetcher into situations and judge its calls."""
