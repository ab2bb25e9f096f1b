"""Chatbots that look closely at what they are told, for as long as it takes.

    python -m benchmarks.soak_chatbots URL SECONDS BOT...    (the token is PLACET_TOKEN)

Each reads every bot with the real client. Prints what was wrong, as JSON: bundles whose
prompts are of different versions (`mixed`), bundles of a lower seq than one before
(`back`), and reads that failed (`errors`).
"""

import json
import os
import sys
import time

import placet

CHATBOTS = 20


def main() -> None:
    url, seconds, *bots = sys.argv[1:]
    token = os.environ["PLACET_TOKEN"]
    chatbots = [
        placet.Client(url, token=token, environment="production", poll_s=1.0)
        for _ in range(CHATBOTS)
    ]
    found = {"reads": 0, "seen": 0, "mixed": 0, "back": 0, "errors": 0}
    highest: dict[tuple[int, str], int] = {}
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        for number, chatbot in enumerate(chatbots):
            for bot in bots:
                _look(chatbot, number, bot, highest, found)
        time.sleep(0.05)
    for chatbot in chatbots:
        found["errors"] += len(chatbot.health().problems)
        chatbot.close()
    print(json.dumps(found))


def _look(
    chatbot: placet.Client,
    number: int,
    bot: str,
    highest: dict[tuple[int, str], int],
    found: dict[str, int],
) -> None:
    found["reads"] += 1
    try:
        bundle = chatbot.bot(bot)
    except placet.PlacetError:
        found["errors"] += 1
        return
    seen = highest.get((number, bot), 0)
    found["seen"] += bundle.seq > seen
    found["back"] += bundle.seq < seen
    found["mixed"] += len({one.version for one in bundle.prompts.values()}) != 1
    highest[number, bot] = max(seen, bundle.seq)


if __name__ == "__main__":
    main()
