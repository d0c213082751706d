"""What is deleted when its time is over, and the log by which a restored backup is cleaned (access.md, Retention)."""
