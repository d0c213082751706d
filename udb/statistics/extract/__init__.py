"""STIL's statistics extract (docs/spec/extract.md): everything needed for figures as of a day, as files."""
