"""What institutions are paid by: pure judgements of a youth's history, without the database (V 6.1)."""
