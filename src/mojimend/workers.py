"""Work dealt out to processes, and what comes of it in the order in which it was given."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from mojimend.errors import MojimendError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Key = TypeVar("Key")
Task = TypeVar("Task")
Done = TypeVar("Done")


class WorkerLost(MojimendError):
    """One of the processes has ended before its work was done."""


# How far the giving may be ahead of the taking, in tasks a process: enough to keep all busy, little to hold.
_AHEAD = 3


def in_order(
    do: Callable[[Task], Done], tasks: Iterable[tuple[Key, Task | None]], jobs: int
) -> Iterator[tuple[Key, Done | None]]:
    """Yield what comes of each task with its key, in the order of the tasks, on so many processes.

    A key without a task comes back in its turn. The processes are started with the second task, as they cost more than
    one is worth.

    >>> list(in_order(len, [("a", "xx"), ("b", None), ("c", "x")], 1))
    [('a', 2), ('b', None), ('c', 1)]
    """
    waiting = iter(tasks)
    head: list[tuple[Key, Task | None]] = []
    while jobs > 1 and sum(task is not None for _, task in head) < 2:
        following = list(islice(waiting, 1))
        if not following:
            break
        head += following
    if sum(task is not None for _, task in head) < 2:
        for key, task in chain(head, waiting):
            yield key, None if task is None else do(task)
        return
    with _pool(jobs) as pool:
        running: deque[tuple[Key, Future[Done] | None]] = deque()
        for key, task in chain(head, waiting):
            running.append((key, None if task is None else pool.submit(do, task)))
            while len(running) > jobs * _AHEAD or (running and _is_over(running[0][1])):
                done, future = running.popleft()
                yield done, None if future is None else future.result()
        for done, future in running:
            yield done, None if future is None else future.result()


def _is_over(future: Future[Done] | None) -> bool:
    return future is None or future.done()


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor  # noqa: PLC0415  (30 ms for large runs only)
    from multiprocessing import get_context  # noqa: PLC0415

    # Started anew on every system, not forked: that is the same everywhere, and safe whatever the caller's threads do.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BrokenExecutor as trouble:
        _let_go_of_tasks(pool)
        raise WorkerLost(
            "a process was ended from outside, for want of memory most often; use fewer: -j 1"
        ) from trouble
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _let_go_of_tasks(pool: ProcessPoolExecutor) -> None:
    """Close the end that the processes of a broken pool read their tasks from.

    Before Python 3.11.5 the pool leaves it open, and waits for ever to write what nobody reads any more, if that is
    more than a pipe holds, as a piece of a file is (python/cpython#94777).
    """
    if sys.version_info < (3, 11, 5) and (tasks := getattr(pool, "_call_queue", None)) is not None:
        tasks._reader.close()


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it, even when it is killed."""
    from multiprocessing import parent_process  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
