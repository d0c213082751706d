"""The read log, and how the technical log is set up."""
