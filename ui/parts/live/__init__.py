"""What is live: bots, differences between environments, moves, and who fetched what."""
