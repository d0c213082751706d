"""Judging what is stored anew, by the rules of another day."""
