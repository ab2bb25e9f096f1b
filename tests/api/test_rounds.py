"""What is done again and again while an application runs."""

from threading import Event

import anyio

from registry.api.rounds import rounds


def test_a_round_that_failed_is_not_the_last_one():
    done: list[int] = []
    again = Event()

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise ValueError("a mistake")
        again.set()

    async def run() -> bool:
        async with rounds({"placet-test": work}, pause_s=0.01):
            return await anyio.to_thread.run_sync(again.wait, 10)

    assert anyio.run(run)


def test_nothing_is_done_after_the_end():
    done: list[int] = []

    async def run() -> None:
        async with rounds({"placet-test": lambda: done.append(1)}, pause_s=0.01):
            await anyio.sleep(0.05)
        done.clear()
        await anyio.sleep(0.05)

    anyio.run(run)

    assert done == []
