"""A small role, and a child process that opens its index: python -m tests.index_process ACT DATA_DIR.

    open    opens the index and prints, as JSON, what it found and what it did
    stall   stops for ever in the middle of a build, once it has printed "building"
    read    opens, prints "ready", waits for a line on stdin, then prints as `open` does
    full    as open, on a disk that takes no file above 100 kB; prints the error

CHROMA_URL, when set, is the server to use.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from coach.config import Settings
from coach.embedding import Embedder
from coach.errors import StoreError
from coach.index import ItemKind, RoleIndex
from coach.schema import Activity, Kpi, Question, Role

QUERIES = (
    "I wrote to everyone who had left a bad review",
    "more of our visitors bought something",
    "we baked a cake",
)
KINDS: tuple[ItemKind, ...] = ("activity", "kpi", "question")


def small_role(role_id: str = "shop-keeper", **changes: Any) -> Role:
    """A role with two or three items of each kind; `changes` replace fields."""
    fields: dict[str, Any] = {
        "id": role_id,
        "name": "Shop keeper",
        "function": "Sales",
        "about": "Keeps a shop.",
        "activities": (
            Activity(
                id="answering-reviews",
                name="Answering reviews",
                description="Reads what buyers write and answers them.",
                work=("wrote back to every angry buyer", "asked happy buyers for a review"),
                verbs=("answered", "thanked"),
                tools=("Trustpilot",),
            ),
            Activity(id="buying-stock", name="Buying stock", description="Orders goods before they run out."),
            Activity(id="window-dressing", name="Window dressing", description="Makes the window inviting."),
        ),
        "kpis": (
            Kpi(
                id="conversion",
                name="Conversion",
                description="How many visitors buy.",
                aliases=("conversion rate",),
                statement="Conversion went from [before] to [after].",
            ),
            Kpi(id="returns", name="Return rate", description="How many goods come back."),
        ),
        "stages": (),
        "questions": (
            Question(id="q1", text="How do you deal with bad reviews?", kind="approach", topics=("Reviews",)),
            Question(id="q2", text="Which figures do you watch?", kind="knowledge", topics=("Figures",)),
        ),
    }
    return Role(**{**fields, **changes})


def found(index: RoleIndex, embedder: Embedder, role_id: str = "shop-keeper") -> list[Any]:
    """Everything the index says about QUERIES, as plain lists that can be compared across processes."""
    vectors = embedder.embed(QUERIES)
    return [
        [[list(passage) for passage in passages] for passages in index.search(vectors, role_id, kind)]
        for kind in KINDS
    ]


def main(act: str, data_dir: Path) -> None:
    steps: list[str] = []

    def progress(doing: str, done: float) -> None:
        steps.append(doing)
        if act == "stall" and doing == "Checking the index":
            print("building", flush=True)
            time.sleep(600)

    settings = Settings(data_dir=data_dir, chroma_url=os.environ.get("CHROMA_URL"))
    embedder = Embedder.open(settings)
    if act == "full":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        index = RoleIndex.open(settings, [small_role()], embedder, progress)
    except StoreError as error:
        print(json.dumps(error.as_dict()))
        return
    if act == "read":
        print("ready", flush=True)
        sys.stdin.readline()
    print(json.dumps({"steps": steps, "found": found(index, embedder)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
