"""What a kommune sees on its pages: a youth, its residents, its own registrations (access.md, A13).

Everything is what the look-up returns, or follows from it.
"""
