"""The door to what others say about retirements: files, read once, never the network.

Two forms are known, told apart by what is in the file:

 * that of deprecations.info, a list, which the package `llm-sunset` ships (the extra
   `placet-server[retirements]`) and the repository deprecations-rss has as
   `data.json`;
 * LiteLLM's map of prices, `model_prices_and_context_window.json`.

The files are the operator's.  A record that makes no sense is left out; a file that
makes none is refused.
"""

from registry.calendar.files import Source, read_calendar, read_sources

__all__ = ["Source", "read_calendar", "read_sources"]
