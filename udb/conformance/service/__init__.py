"""Play the scenarios against a service."""
