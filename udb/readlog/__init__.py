"""The read log: who received whose data, sealed in blocks and verified."""
