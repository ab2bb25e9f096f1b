"""Proposing: documents being written, and what would come of them."""
