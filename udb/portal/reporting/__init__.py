"""Reporting by hand (V 1.5): an institution's user administrator reports, sees what was reported, and cancels it."""
