"""Deletion after the retention period, and the log by which a restored backup is cleaned (access.md, Retention)."""
