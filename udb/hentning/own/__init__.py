"""All that is stored about the person who asks (access.md A14)."""
