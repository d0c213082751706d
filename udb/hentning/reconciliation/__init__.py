"""Reconciliation with another system's list (docs/spec/reconciliation.md). Neither file nor result is stored."""
