"""Log-in by OpenID Connect: doors, what they may yield, and the way through a provider and back."""
