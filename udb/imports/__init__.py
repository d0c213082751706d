"""Importers of the registers around UDB (sources 1)."""
