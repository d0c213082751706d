"""Reports: one path for all services (docs/architecture.md)."""
