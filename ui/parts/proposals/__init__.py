"""What is proposed, as every page tells of it: wording, agreement, checks."""
