"""Measurements that are not tests, because their results depend on the machine."""
