"""How long a chatbot waits for its prompt: a bot and a role, from memory."""

import statistics
import timeit

from placet.testing import FakeRegistry

NAME, ROLE = "support", "refunds"


def measure(*, quick: bool) -> dict[str, float]:
    times = 200_000 if quick else 2_000_000
    with FakeRegistry() as registry:
        registry.put_prompt("refunds", "Answer kindly. {{ question }}")
        registry.put_bot(NAME, prompts={ROLE: "refunds"})
        with registry.client() as client:
            client.bot(NAME)
            took = timeit.repeat(
                lambda: client.bot(NAME).prompt(ROLE), number=times, repeat=5
            )
    return {"client.read_us": statistics.median(took) / times * 1_000_000}
