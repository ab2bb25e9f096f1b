"""Looking back: what was live at a moment, what differs, what became of a bot."""
