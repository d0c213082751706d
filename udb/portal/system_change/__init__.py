"""Change of source system (portal 3.31): announced, checked before and after, and its checklist."""
