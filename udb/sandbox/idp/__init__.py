"""The sandbox's own provider of log-in: a process beside the service, with a page of invented users and no password."""
