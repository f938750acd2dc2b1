"""The ledger of the day on disk: processes that share it, and files, folders and disks that fail."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from coach import budget_ledger
from coach.budget import GRACE, Budget, Session
from coach.config import Settings
from coach.errors import BudgetError
from tests.clocks import Clock

ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-11-24"
LASTS = 60.0 + GRACE
Open = Callable[..., Budget]


@pytest.fixture
def clock() -> Clock:
    return Clock.at(f"{DAY} 12:00")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def ledger(data: Path) -> Path:
    return data / "budget.json"


@pytest.fixture
def open_budget(data: Path, clock: Clock) -> Open:
    """Opens a budget as another process would: same folder and clock, a session of its own."""

    def opened(folder: Path = data, **limits: Any) -> Budget:
        return Budget.open(Settings(folder, **limits), session=Session(), clock=clock, zone=UTC)

    return opened


def pay(budget: Budget, tokens: int) -> None:
    budget.reserve(tokens, None).settle(tokens, None)


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that has said it is ready and goes on when it is sent a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    return child


def modified(path: Path) -> int:
    time.sleep(0.001)
    return path.stat().st_mtime_ns if path.exists() else 0


# ---- processes --------------------------------------------------------------------------------------

SPENDER = """
import sys
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from coach.budget import Budget
from coach.config import Settings
from coach.errors import BudgetError

settings = Settings(Path(sys.argv[1]), budget_day=Decimal("5"))
budget = Budget.open(settings, clock=lambda: float(sys.argv[2]), zone=UTC)
print("ready", flush=True)
sys.stdin.readline()
went = 0
for number in range(30):
    try:
        with budget.reserve(1, Decimal("0.1")) as reservation:
            reservation.settle(1, Decimal("0.1"))
            went += 1
    except BudgetError as error:
        assert error.code == "budget_reached", error.message
print(went)
"""


def test_processes_at_once_lose_nothing_and_pass_no_limit_together(
    open_budget: Open, data: Path, clock: Clock
) -> None:
    children = [start(SPENDER, data, clock()) for _ in range(3)]
    outputs: list[str] = []
    threads = [
        threading.Thread(target=lambda c=c: outputs.append(c.communicate("go\n")[0])) for c in children
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sum(map(int, outputs)) == 50  # of 90 that were asked for
    day = open_budget().spent().day
    assert (day.tokens, day.cost, day.calls, day.held_tokens) == (50, Decimal("5.0"), 50, 0)


KILLED = """
import sys
from pathlib import Path
from datetime import UTC
from coach.budget import Budget
from coach.config import Settings

budget = Budget.open(Settings(Path(sys.argv[1])), clock=lambda: float(sys.argv[2]), zone=UTC)
with budget.reserve(900, None):
    print("ready", flush=True)
    sys.stdin.readline()
"""


def test_a_process_killed_during_a_call_locks_the_budget_for_no_longer_than_the_call_may_take(
    open_budget: Open, data: Path, clock: Clock
) -> None:
    child = start(KILLED, data, clock())
    child.send_signal(signal.SIGKILL)
    child.communicate()
    budget = open_budget(budget_day_tokens=1000)
    with pytest.raises(BudgetError):
        budget.reserve(101, None)
    clock.move(LASTS)
    pay(budget, 1000)
    assert budget.spent().day.lost_calls == 1


WRITER = """
import sys
from datetime import UTC
from pathlib import Path
from coach.budget import Budget
from coach.config import Settings

budget = Budget.open(Settings(Path(sys.argv[1])), clock=lambda: float(sys.argv[2]), zone=UTC)
print("ready", flush=True)
sys.stdin.readline()
while True:
    budget.reserve(1, None).settle(1, None)
"""


def test_a_process_killed_while_it_writes_leaves_a_ledger_that_can_be_read(
    open_budget: Open, data: Path, ledger: Path, clock: Clock
) -> None:
    for changes in (1, 4, 9):
        child = start(WRITER, data, clock())
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
        seen = {modified(ledger)}
        while len(seen) <= changes:
            assert child.poll() is None
            seen.add(modified(ledger))
        child.kill()
        child.communicate()
    (data / "budget.json.part").write_bytes(b"what a killed writer left")
    budget = open_budget()
    pay(budget, 1)
    day = budget.spent().day
    assert day.tokens + day.held_tokens > 3
    assert budget.spent().warnings == ()
    assert {path.name for path in data.iterdir()} == {"budget.json", "budget.json.lock"}


# ---- a damaged file ---------------------------------------------------------------------------------

HOLD = '{"tokens": 1, "cost": null, "until": %s, "lasts": %s}'


def day_of(tally: str) -> bytes:
    return f'{{"version": 1, "days": {{"{DAY}": {tally}}}}}'.encode()


DAMAGED = {
    "empty": b"",
    "cut": b'{"version": 1, "days": {"2026-11-24": {"tok',
    "zeros": bytes(4096),
    "not-text": b"\xff\xfe\x00{",
    "list": b"[]",
    "no-version": b'{"days": 3}',
    "deep": b'{"version":' * 100_000,
    "no-date": b'{"version": 1, "days": {"2026-02-30": {}}}',
    "negative": day_of('{"tokens": -5}'),
    "nan": day_of('{"cost": "NaN"}'),
    "infinite": day_of('{"cost": "Infinity"}'),
    "endless-number": day_of('{"tokens": ' + "9" * 5000 + "}"),
    "stranger": day_of('{"coins": 5}'),
    "hold-for-ever": day_of(f'{{"holds": {{"x": {HOLD % (1e300, 1e300)}}}}}'),
    "hold-of-nan": day_of(f'{{"holds": {{"x": {HOLD % ("NaN", 5)}}}}}'),
    "huge": b'{"version": 1, "days": {}}' + b" " * 5_000_000,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_ledger_is_put_aside_and_the_day_counts_as_unknown(
    open_budget: Open, data: Path, ledger: Path, clock: Clock, content: bytes
) -> None:
    data.mkdir()
    ledger.write_bytes(content)
    budget = open_budget(budget_day_tokens=100)
    pay(budget, 60)
    assert (data / "budget.damaged-1.json").read_bytes() == content
    for again in (budget, open_budget(budget_day_tokens=100)):
        spent = again.spent()
        assert [notice.code for notice in spent.warnings] == ["budget_unknown"]
        assert (spent.day.tokens, spent.day.unknown, spent.day.cost_known) == (60, True, False)
        assert spent.day.in_words.startswith("at least 60 tokens")
    with pytest.raises(BudgetError, match="taken at least 60 of the 100 tokens"):
        budget.reserve(41, None)
    clock.move(86_400)
    assert budget.spent().warnings == ()
    assert budget.spent().day.tokens_known


def test_looking_is_enough_to_find_the_damage(open_budget: Open, data: Path, ledger: Path) -> None:
    data.mkdir()
    ledger.write_bytes(b"?")
    assert [notice.code for notice in open_budget().spent().warnings] == ["budget_unknown"]


def test_each_damaged_file_is_kept(open_budget: Open, data: Path, ledger: Path) -> None:
    budget = open_budget()
    for number in (1, 2, 3):
        pay(budget, 1)
        ledger.write_bytes(f"damage {number}".encode())
        budget.spent()
    assert [(data / f"budget.damaged-{n}.json").read_text() for n in (1, 2, 3)] == [
        "damage 1",
        "damage 2",
        "damage 3",
    ]


def test_a_call_under_way_while_the_file_is_damaged_is_still_counted(open_budget: Open, ledger: Path) -> None:
    budget = open_budget()
    with budget.reserve(100, None) as reservation:
        ledger.write_bytes(b"\x00")
        reservation.settle(80, None)
    assert (budget.spent().day.tokens, budget.spent().day.unknown) == (80, True)


def test_a_file_of_a_newer_version_is_left_alone(open_budget: Open, data: Path, ledger: Path) -> None:
    data.mkdir()
    ledger.write_text('{"version": 2, "months": []}')
    with pytest.raises(BudgetError, match="newer version") as caught:
        open_budget(budget_day_tokens=10).reserve(1, None)
    assert caught.value.code == "budget_unusable"
    pay(open_budget(), 1)
    assert ledger.read_text() == '{"version": 2, "months": []}'


# ---- folders and disks ------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_used_stops_calls_only_under_a_limit_for_the_day(
    open_budget: Open, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    for limits in ({"budget_day": Decimal(1)}, {"budget_day_tokens": 10}):
        with pytest.raises(BudgetError) as caught:
            open_budget(folder, **limits).reserve(1, Decimal("0.01"))
        assert caught.value.code == "budget_unusable"
        assert str(folder / "budget.json") in caught.value.message and "COACH_DATA_DIR" in caught.value.hint
    budget = open_budget(folder, budget_session_tokens=10)
    pay(budget, 10)
    with pytest.raises(BudgetError) as caught:
        budget.reserve(1, None)
    assert caught.value.code == "budget_reached"
    spent = budget.spent()
    assert (spent.session.tokens, spent.day.unknown) == (10, True)
    assert [notice.code for notice in spent.warnings] == ["budget_not_kept"]


def test_a_ledger_that_is_a_folder_is_not_taken_for_damage(open_budget: Open, ledger: Path) -> None:
    ledger.mkdir(parents=True)
    with pytest.raises(BudgetError) as caught:
        open_budget(budget_day_tokens=10).reserve(1, None)
    assert caught.value.code == "budget_unusable"
    assert ledger.is_dir()


FULL_DISK = """
import resource, signal, sys
from datetime import UTC
from pathlib import Path
from coach.budget import Budget
from coach.config import Settings
from coach.errors import BudgetError

def room(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
settings = Settings(Path(sys.argv[1]), budget_day_tokens=1000)
budget = Budget.open(settings, clock=lambda: float(sys.argv[2]), zone=UTC)
print("ready", flush=True)
sys.stdin.readline()
budget.reserve(100, None).settle(100, None)
under_way = budget.reserve(50, None)
room(10)
under_way.settle(40, None)
try:
    budget.reserve(1, None)
except BudgetError as error:
    print(error.code)
print([notice.code for notice in budget.spent().warnings], budget.spent().session.tokens)
room(resource.RLIM_INFINITY)
for _ in range(2):
    print(budget.spent().day.tokens, budget.spent().day.held_tokens, len(budget.spent().warnings))
print(*sorted(path.name for path in Path(sys.argv[1]).iterdir()))
"""


def test_what_a_full_disk_refused_is_written_when_there_is_room(data: Path, clock: Clock) -> None:
    output, _ = start(FULL_DISK, data, clock()).communicate("go\n")
    assert output.splitlines() == [
        "budget_unusable",
        "['budget_not_kept'] 140",
        "140 0 0",
        "140 0 0",
        "budget.json budget.json.lock",
    ]


def test_a_lock_that_is_never_freed_is_waited_for_and_then_named(
    open_budget: Open, data: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget_ledger, "LOCK_WAIT", 0.1)
    budget = open_budget(budget_day_tokens=10)
    under_way = budget.reserve(5, None)
    with FileLock(f"{ledger}.lock"):
        with pytest.raises(BudgetError, match="another program keeps") as caught:
            budget.reserve(1, None)
        under_way.settle(4, None)
    assert caught.value.code == "budget_unusable"
    assert (budget.spent().day.tokens, budget.spent().day.held_tokens) == (4, 0)


def test_the_folder_may_vanish_during_a_call(open_budget: Open, data: Path, tmp_path: Path) -> None:
    budget = open_budget()
    with budget.reserve(10, None) as reservation:
        data.rename(tmp_path / "elsewhere")
        reservation.settle(8, None)
    assert (budget.spent().day.tokens, budget.spent().session.tokens) == (8, 8)


def test_the_files_are_for_their_owner_only(open_budget: Open, data: Path) -> None:
    pay(open_budget(), 1)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()} == {
        "budget.json": 0o600,
        "budget.json.lock": 0o600,
    }


@pytest.mark.parametrize("name", ["100% sure", "a b#c?d", "ünï 漢字 🚲", "%(here)s", "new\nline"])
def test_any_folder_name_will_do(open_budget: Open, tmp_path: Path, name: str) -> None:
    pay(open_budget(tmp_path / name), 7)
    assert open_budget(tmp_path / name).spent().day.tokens == 7


def test_opening_a_budget_touches_nothing(open_budget: Open, data: Path) -> None:
    open_budget(budget_day_tokens=10)
    assert not data.exists()


def test_old_days_are_dropped_and_the_file_stays_small(open_budget: Open, ledger: Path, clock: Clock) -> None:
    budget = open_budget()
    for _ in range(40):
        pay(budget, 1)
        clock.move(86_400)
    days = json.loads(ledger.read_text())["days"]
    assert 8 <= len(days) <= 9
    assert max(days) == "2027-01-02"


def test_the_present_day_is_kept_however_many_days_lie_ahead(open_budget: Open, clock: Clock) -> None:
    budget = open_budget(budget_day_tokens=10)
    for year in range(2030, 2045):
        clock.set(f"{year}-01-01 12:00")
        pay(budget, 10)
    clock.set(f"{DAY} 12:00")
    pay(budget, 6)
    assert budget.spent().day.tokens == 6
    with pytest.raises(BudgetError):
        budget.reserve(5, None)
