"""A change of source system (S4 step 8; V 1.1; portal 3.31): announced, checked, and its checklist."""
