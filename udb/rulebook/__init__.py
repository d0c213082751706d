"""The rule book: every rule and refusal as people read it, made from the rules themselves."""
