"""Who may call: systems, their keys, their dataaftaler."""
