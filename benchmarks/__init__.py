"""Measurements: what no test can say, because it depends on the machine."""
