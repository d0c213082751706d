"""The driver: prepared statements, libpq, the deadline, planner hints and dialect differences."""
