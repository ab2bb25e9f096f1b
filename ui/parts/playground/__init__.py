"""The playground: what a bot would send and let through, tried without a chatbot."""
