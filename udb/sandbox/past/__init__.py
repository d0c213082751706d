"""A sandbox with a past (``udb sandbox seed --history``): what was reported, fetched and read before its first day.

Plants with known counts come on top of the invented youths, in schools of their own (docs/spec/sources.md).
"""
