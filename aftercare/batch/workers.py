"""The same work on many tasks, on several cores, its results in the order of the tasks.

Each worker is a process of its own with a pipe to it. When this process dies, the pipe ends and
the workers with it; nothing is left behind. However many tasks there are, a few are under way.
"""

import signal
from collections import deque
from contextlib import ExitStack, contextmanager
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


def in_order(
    work: "Callable[[Task], Result]", tasks: "Iterable[Task]", jobs: int, few: int = 1
) -> "Iterator[Result]":
    """Yield ``work(task)`` for each task, in their order, by `jobs` processes.

    `work` is pickled once for each. With one job, or no more than a `few` tasks, which are done
    before a process has started, everything is done here. An error in a worker is raised here.
    """
    waiting = iter(tasks)
    begun = list(islice(waiting, few + 1)) if jobs > 1 else []
    if len(begun) <= few:
        yield from map(work, chain(begun, waiting))
        return
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(work)) for _ in range(jobs)]
        under_way: deque[Connection] = deque()

        for number, task in enumerate(chain(begun, waiting)):
            if len(under_way) > AHEAD * jobs:
                yield _result(under_way.popleft())
            worker = workers[number % jobs]
            _give(worker, task)
            under_way.append(worker)
        while under_way:
            yield _result(under_way.popleft())


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


def _give(worker: "Connection", task: object) -> None:
    try:
        worker.send(task)
    except OSError:
        raise _stopped() from None


def _result(worker: "Connection") -> "Any":
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
    tasks: SimpleQueue[tuple[Any] | None] = SimpleQueue()
    # Read apart from the work, so that giving a task never has to wait for a result to be taken.
    Thread(target=_receive, args=(pipe, tasks), daemon=True).start()
    while (task := tasks.get()) is not None:
        answer: tuple[bool, Any]
        try:
            answer = True, work(task[0])
        except Exception as error:  # whatever it is, it is raised again where it can be seen
            answer = False, error
        try:
            pipe.send(answer)
        except OSError:
            return


def _receive(pipe: "Connection", tasks: "SimpleQueue[tuple[Any] | None]") -> None:
    try:
        while True:
            tasks.put((pipe.recv(),))
    except (EOFError, OSError):
        tasks.put(None)
