"""Giving events: the feed, the look-up, and the one policy of who may see what (access.md)."""
