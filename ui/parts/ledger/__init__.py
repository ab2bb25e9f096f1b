"""The page on which everything that happened is read and verified."""
