"""Backup: a copy of the whole database in one file, and its restore (docs/drift.md)."""
