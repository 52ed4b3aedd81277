"""The same work on many tasks, on several cores, its results in the order of the tasks.

Each worker is a process of its own with a pipe to it. When this process dies, the pipe ends and
the workers with it; nothing is left behind. However many tasks there are, a few are under way.
"""

import signal
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from multiprocessing import get_context
from queue import SimpleQueue
from threading import Thread

from aftercare.errors import AftercareError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from typing import Any, TypeVar

    Task = TypeVar("Task")
    Result = TypeVar("Result")

#: Tasks given to each worker ahead of what it works on, so that it need not wait.
AHEAD = 2

#: Bytes that a process keeps rather than give them back at once.
KEPT_MEMORY = 1 << 24


def in_order(
    work: "Callable[[Task], Result]",
    tasks: "Iterable[Task]",
    jobs: int,
    few: int = 1,
    place: "Callable[[Result], object] | None" = None,
) -> "Iterator[Result]":
    """Yield ``work(task)`` for each task, in their order, by `jobs` processes.

    `work` is pickled once for each. With one job, or no more than a `few` tasks, which are done
    before a process has started, everything is done here. An error in a worker is raised here.

    What only the order can tell, such as where in a file a result belongs, `place` says of each
    result in turn, and the worker that made it is told by ``work.put(place(result))``.
    """
    keep_memory()
    waiting = iter(tasks)
    begun = list(islice(waiting, few + 1)) if jobs > 1 else []
    if len(begun) <= few:
        for task in chain(begun, waiting):
            result = work(task)
            if place is not None:
                _do(work, "put", place(result))
            yield result
        return
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(work)) for _ in range(jobs)]
        under_way: deque[tuple[Connection, bool]] = deque()

        def ended() -> "Iterator[Any]":
            """The result that is next, if it is one and not word that a result was put."""
            worker, is_result = under_way.popleft()
            result = _answer(worker)
            if is_result:
                if place is not None:
                    _ask(worker, "put", place(result))
                    under_way.append((worker, False))
                yield result

        for number, task in enumerate(chain(begun, waiting)):
            while len(under_way) > AHEAD * jobs:
                yield from ended()
            worker = workers[number % jobs]
            _ask(worker, "__call__", task)
            under_way.append((worker, True))
        while under_way:
            yield from ended()


def keep_memory() -> None:
    """Let the C library keep the memory that results come and go in.

    Else it is given back to the system after each and asked for again, which takes a third of
    the time. Only the GNU library can be told so; others are left alone.
    """
    trim_threshold, mmap_threshold = -1, -3
    with suppress(ImportError, AttributeError, OSError, TypeError):
        from ctypes import CDLL

        for setting in (trim_threshold, mmap_threshold):
            CDLL(None).mallopt(setting, KEPT_MEMORY)


@contextmanager
def _worker(work: "Callable[[Any], Any]") -> "Iterator[Connection]":
    """A worker's pipe; leaving ends it, whatever it is at."""
    # Forking a process that has threads (a progress bar has one) is not safe; this always is.
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(1)
        if process.is_alive():
            process.kill()
            process.join()


def _ask(worker: "Connection", what: str, argument: object) -> None:
    try:
        worker.send((what, argument))
    except OSError:
        raise _stopped() from None


def _answer(worker: "Connection") -> "Any":
    try:
        worked, result = worker.recv()
    except (EOFError, OSError):
        raise _stopped() from None
    if worked:
        return result
    raise result


def _stopped() -> AftercareError:
    return AftercareError(
        "a worker process was stopped from outside", "run it again; fewer jobs need less memory"
    )


def _serve(pipe: "Connection", work: "Callable[[Any], Any]") -> None:
    """Work on what comes through the pipe until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that people see
    keep_memory()
    asked: SimpleQueue[tuple[str, Any] | None] = SimpleQueue()
    # Read apart from the work, so that asking never has to wait for an answer to be taken.
    Thread(target=_receive, args=(pipe, asked), daemon=True).start()
    while (next_asked := asked.get()) is not None:
        what, argument = next_asked
        answer: tuple[bool, Any]
        try:
            answer = True, _do(work, what, argument)
        except Exception as error:  # whatever it is, it is raised again where it can be seen
            answer = False, error
        try:
            pipe.send(answer)
        except OSError:
            return


def _do(work: object, what: str, argument: object) -> "Any":
    return getattr(work, what)(argument)


def _receive(pipe: "Connection", asked: "SimpleQueue[tuple[str, Any] | None]") -> None:
    try:
        while True:
            asked.put(pipe.recv())
    except (EOFError, OSError):
        asked.put(None)
