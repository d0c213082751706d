"""A copy of the whole database in one file, and the way back (docs/drift.md)."""
