"""Taking a report: one path for all services (docs/architecture.md)."""
