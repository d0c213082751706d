"""The loop of a worker: it waits for callers on one epoll and takes a thread only for a request that has arrived."""
