"""The definitions of figures and situations (docs/spec/figures.md): one module each, pure functions over one youth."""
