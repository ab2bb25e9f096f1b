"""One writer at a time, and whoever came first goes first."""

import time
from threading import Barrier, Event, Thread

import pytest

from registry.errors import RegistryError, Stale, Unavailable
from registry.writer import Fence
from registry.writer.fence import FairLock
from tests.writer.acts import Acts, fragment


def together(*targets):
    """Run them all at once, to their end; what they raised."""
    ready = Barrier(len(targets))
    raised = []

    def run(target):
        ready.wait()
        try:
            target()
        except RegistryError as error:
            raised.append(error)

    threads = [Thread(target=run, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_those_who_wait_go_in_the_order_in_which_they_came():
    lock, went = FairLock(), []

    def wait(number):
        lock.acquire()
        went.append(number)
        lock.release()

    lock.acquire()
    waiting = [Thread(target=wait, args=(number,)) for number in range(20)]
    for number, thread in enumerate(waiting, start=1):
        thread.start()
        while len(lock._waiting) < number:
            time.sleep(0.0001)
    lock.release()
    for thread in waiting:
        thread.join()

    assert went == list(range(20))


def test_nobody_is_overtaken_by_more_than_those_who_waited():
    """Somebody who comes back at once stands behind those who are waiting."""
    lock, turns, waited = FairLock(), [], []

    def take_turns():
        for _ in range(50):
            came = len(turns)
            lock.acquire()
            waited.append(len(turns) - came)
            turns.append(None)
            time.sleep(0.0001)
            lock.release()

    together(*[take_turns] * 10)

    assert len(turns) == 500
    assert max(waited) <= 10


def test_it_can_be_taken_again_when_nobody_waits():
    lock = FairLock()

    for _ in range(3):
        lock.acquire()
        lock.release()

    assert not lock._held


def test_another_process_waits_too(tmp_path):
    """Each `Fence` opens the file for itself, as another process would."""
    ours, theirs = Fence(tmp_path / "lock"), Fence(tmp_path / "lock")
    entered = Event()

    def enter():
        with theirs.held():
            entered.set()

    with ours.held():
        other = Thread(target=enter)
        other.start()
        early = entered.wait(0.05)
    other.join()

    assert (early, entered.is_set()) == (False, True)


def test_an_error_inside_opens_it_again(tmp_path):
    fence = Fence(tmp_path / "lock")
    with pytest.raises(LookupError), fence.held():
        raise LookupError

    with fence.held():
        pass


def test_a_file_that_cannot_be_locked_is_told_each_time(tmp_path):
    fence = Fence(tmp_path / "nowhere" / "lock")

    for _ in range(2):
        with pytest.raises(Unavailable, match="cannot be locked"), fence.held():
            pytest.fail("nobody gets here")


@pytest.mark.parametrize("writers", [10, pytest.param(200, marks=pytest.mark.deep)])
def test_of_many_who_write_at_once_nothing_is_lost(writers, registry, acts, verified):
    acts.begin_support()
    told = {}

    def write(key):
        told[key] = acts.say(f"This is {key}.", key).event

    raised = together(*(lambda key=f"k{n}": write(key) for n in range(writers)))

    assert raised == []
    numbers = sorted(event.number for event in told.values())
    assert numbers == list(range(4, 4 + writers))
    answered = registry.writer.state.answered
    for key, event in told.items():
        assert answered["author", key].number == event.number
        assert event.payload.text == f"This is {key}."
    assert verified(registry).events == 3 + writers


def test_a_key_that_many_send_at_once_is_written_once(registry, acts):
    acts.begin_support()
    told = []

    raised = together(*[lambda: told.append(acts.say("Only once.", "k"))] * 10)

    assert raised == []
    assert sorted(each.repeated for each in told) == [False] + [True] * 9
    assert {each.event.number for each in told} == {4}


def test_of_two_activations_of_one_document_one_wins(registry, acts, verified):
    acts.begin_support()
    for turn in range(1, 5):
        changes = [
            acts.submit(fragment(f"1.{turn}.{n}", f"{turn}, {n}.")) for n in range(2)
        ]

        raised = together(*(lambda c=c: acts.activate(c) for c in changes))

        assert [type(error) for error in raised] == [Stale]
        assert registry.writer.state.environment("staging").seq == turn + 1
    verified(registry)


def test_of_two_registries_that_begin_in_one_folder_one_does(home, clock, tmp_path):
    from registry.writer import opened

    with opened(home, clock=clock) as one, opened(home, clock=clock) as other:
        told = []
        together(
            *(
                lambda w=w: told.append(Acts(w).begin())
                for w in (one.writer, other.writer)
            )
        )

    assert sorted(each.repeated for each in told) == [False, True]


def test_a_fence_that_somebody_holds_is_not_free(tmp_path):
    fence, elsewhere = Fence(tmp_path / "lock"), Fence(tmp_path / "lock")

    with fence.held():
        held = elsewhere.is_free()

    assert not held
    assert elsewhere.is_free()
