"""The uddannelsespaalaeg: a job centre's subscription to a youth, from its beginning to its end (V 3.2)."""
