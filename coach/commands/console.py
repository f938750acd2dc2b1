"""Where output goes: colour in a terminal, plain text in a pipe, progress on stderr."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from rich.console import Console

    from coach.coach import Progress

PLAIN_WIDTH = 100


def stdout_console() -> Console:
    """A console on stdout; piped output is plain, uncoloured and of one fixed width."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False, markup=False, emoji=False)
    return Console(
        file=cast(TextIO, _Unpadded()), width=PLAIN_WIDTH, highlight=False, markup=False, emoji=False
    )


class _Unpadded:
    """Standard output without the blanks that tables leave at line ends."""

    def write(self, text: str) -> int:
        return sys.stdout.write(re.sub(r" +(?=\n)", "", text))

    def flush(self) -> None:
        sys.stdout.flush()


@contextmanager
def progress_bar(doing: str) -> Iterator[Progress]:
    """A function that hears what is being done and how far, 0.0 to 1.0, shown when stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _done: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(doing, total=1.0, visible=False)

        def show(what: str, done: float) -> None:
            bar.update(task, description=what, completed=done, visible=True)

        yield show
