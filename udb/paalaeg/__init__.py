"""The uddannelsespaalaeg: a job centre's subscription to a youth, from beginning to end (V 3.2)."""
