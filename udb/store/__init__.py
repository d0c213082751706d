"""Tables, engine and migrations (SQLAlchemy Core)."""
