"""The inbox: its lists, and the acts that are done right there."""
