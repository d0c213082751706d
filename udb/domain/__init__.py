"""The domain: values and pure functions. Imports nothing else of this project."""
