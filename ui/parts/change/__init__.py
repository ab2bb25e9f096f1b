"""What the page of a change is made of, in the order in which one reads to decide."""
