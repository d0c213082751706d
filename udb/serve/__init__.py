"""Run the service's processes: server, worker, listener, TLS, technical log and background jobs."""
