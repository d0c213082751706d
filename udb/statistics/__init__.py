"""Figures on what was reported: who sends what, and contacts by kommune and year (docs/spec/ground.md)."""
