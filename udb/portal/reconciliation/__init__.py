"""Reconciliation with another system's list (docs/spec/reconciliation.md)."""
