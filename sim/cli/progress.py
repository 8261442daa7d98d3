"""The progress bar of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from sim.cli import printing
from sim.cli.run_summary import short
from sim.words import say


class RateColumn(ProgressColumn):
    """Customer-periods per second."""

    def render(self, task: Task) -> Text:
        """The rate, or an empty text before there is one."""
        speed = task.finished_speed or task.speed
        return Text(
            "" if speed is None else say("{short} customer-periods/s", short=short(speed)), style="progress.data.speed"
        )


@contextmanager
def bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs.

    Args:
        total: Customer-periods to simulate.

    Yields:
        What to call with the customer-periods just simulated.
    """
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        RateColumn(),
        TimeRemainingColumn(compact=True),
        console=printing.console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task(say("Starting (the first run compiles)"), total=total)

        def update(done: int) -> None:
            progress.update(task, advance=done, description="Simulating")

        yield update
