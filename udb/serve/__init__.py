"""Everything that runs a process: server, worker, listener, TLS, technical log and background jobs."""
