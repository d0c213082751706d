"""Judge stored events again by the rules of another day."""
