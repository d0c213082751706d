"""XML in and out: the hardened parser, the schemas, and the codec between elements and values."""
