"""The kommune's pages: a youth, its residents, its own registrations."""
