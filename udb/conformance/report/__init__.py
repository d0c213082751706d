"""A run as terminal output, JSON, JUnit XML and HTML."""
