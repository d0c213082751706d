"""The monthly figures: read the register once, in batches of youths, and count by every definition."""
