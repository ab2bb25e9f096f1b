"""The page on which every document is found."""
