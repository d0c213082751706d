"""The rule book: every rule and refusal in words for people, made from the rules themselves."""
