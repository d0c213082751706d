"""Employment and social benefits from eIndkomst (V 4.1)."""
