"""Read and write XML: the hardened parser, the schemas, and the codec between elements and values."""
