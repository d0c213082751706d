"""The youth's own overview under ``/web/mit`` (access.md A14)."""
