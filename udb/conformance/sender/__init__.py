"""Give a sender its tasks and judge what arrives."""
