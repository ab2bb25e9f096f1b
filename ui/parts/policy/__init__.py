"""The page of policies and people."""
