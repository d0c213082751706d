"""Fetches: the feed, the look-ups, and who has fetched what; ``udb.access`` decides what is visible."""
