"""Access: who may see which events, fields and contacts, and who may use which service."""
