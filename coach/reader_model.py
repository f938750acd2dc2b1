"""The trained reader: one pass over question and answer gives parts, levels and answer type.

A 22-million-parameter encoder (all-MiniLM-L6-v2, tuned; see knowledge/reader/CARD.md) run on this machine by
onnxruntime. It reads neutral text (coach.signals.neutral), one text at a time and unpadded, so the same
text gets the same numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.embedding import load_tokenizer, open_session
from coach.errors import ConfigError
from coach.lexicons import load_neutral_words
from coach.signals.neutral import NeutralWords, neutral_text
from coach.signals.types import Outlook

if TYPE_CHECKING:
    import numpy as np

    from coach.config import Settings

OUTPUTS = ("labels", "levels", "kind", "shown")
MAX_TOKENS = 512
QUESTION_TOKENS = 64
CLS, SEP = 101, 102
_HINT = "Restore knowledge/reader from the project, or reinstall the coach."


class ReaderModel:
    """Reads answers. Threads may share it; a process loads it once, however often it opens."""

    def __init__(
        self, session: Any, tokenizer: Any, words: NeutralWords, activities: Sequence[str], ref: str
    ) -> None:
        self._session = session
        self._activities = tuple(activities)
        self._tokenizer = tokenizer
        self._words = words
        self.ref = ref

    @classmethod
    def open(cls, settings: Settings) -> ReaderModel:
        """Loads the checked network; raises ConfigError `model_damaged` that names the file."""
        return load_reader_model(settings.knowledge_dir / "reader", settings.knowledge_dir)

    def neutral(self, clauses: Sequence[str]) -> list[str]:
        """The neutral text of each clause."""
        return [neutral_text(clause, self._words) for clause in clauses]

    def read(self, question: str, neutral: Sequence[str]) -> Outlook:
        """What the network makes of an answer given as the neutral text of its clauses.

        Texts beyond 512 tokens are read in stretches; a clause belongs to the first that holds it, and the
        levels are those of the stretch that shows most.
        """
        import numpy as np

        asked = self._tokens(neutral_text(question, self._words))[:QUESTION_TOKENS]
        parts = [
            self._run(asked, part) for part in _stretches(asked, [self._tokens(text) for text in neutral])
        ]
        return Outlook(
            labels=np.vstack([part["labels"] for part in parts]),
            levels=np.max([part["levels"] for part in parts], axis=0),
            kind=parts[0]["kind"],
            shown=dict(
                zip(
                    self._activities,
                    np.max([part["shown"] for part in parts], axis=0).round(4).tolist(),
                    strict=True,
                )
            ),
        )

    def _tokens(self, text: str) -> list[int]:
        readable = text.encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(readable, add_special_tokens=False).ids
        return ids

    def _run(self, asked: Sequence[int], clauses: Sequence[Sequence[int]]) -> dict[str, np.ndarray]:
        import numpy as np

        ids = [CLS, *asked, SEP]
        kinds = [0] * len(ids)
        sizes = [len(clause) for clause in clauses]
        first = len(ids)
        ids += [token for clause in clauses for token in clause] + [SEP]
        kinds += [1] * (len(ids) - len(kinds))
        pool = np.zeros((len(clauses), len(ids)), dtype=np.float32)
        for row, size in enumerate(sizes):
            pool[row, first : first + size] = 1.0 / max(size, 1)
            first += size
        feed = {"ids": np.array([ids]), "kinds": np.array([kinds]), "pool": pool}
        return dict(zip(OUTPUTS, self._session.run(list(OUTPUTS), feed), strict=True))


def _stretches(asked: Sequence[int], clauses: Sequence[list[int]]) -> list[list[list[int]]]:
    """Clauses in groups that fit the network, each clause cut to what fits at all."""
    room = MAX_TOKENS - len(asked) - 3
    groups: list[list[list[int]]] = [[]]
    used = 0
    for clause in clauses:
        kept = clause[:room]
        if used + len(kept) > room:
            groups.append([])
            used = 0
        groups[-1].append(kept)
        used += len(kept)
    return groups


def digest_of(network: bytes, activities: Sequence[str]) -> str:
    """The SHA-256 of a network together with the ids of the activities it knows, in hexadecimal digits."""
    return hashlib.sha256(network + " ".join(activities).encode()).hexdigest()


@lru_cache(maxsize=2)
def load_reader_model(folder: Path, knowledge: Path) -> ReaderModel:
    """Loads the network in the folder after checking its SHA-256; words and tokenizer are `knowledge`'s."""
    try:
        content = (folder / "reader.onnx").read_bytes()
        wanted = (folder / "reader.sha256").read_text(encoding="utf-8").strip()
        activities = (folder / "activities.txt").read_text(encoding="utf-8").split()
    except OSError as error:
        raise ConfigError(
            "model_damaged", f"{error.filename} cannot be read: {error.strerror}.", _HINT
        ) from error
    if digest_of(content, activities) != wanted:
        raise ConfigError("model_damaged", f"{folder / 'reader.onnx'} is not the file it should be.", _HINT)
    tokenizer = load_tokenizer(knowledge / "minilm" / "tokenizer.json", None)
    words = load_neutral_words(knowledge / "neutral")
    return ReaderModel(open_session(content), tokenizer, words, activities, f"reader@{wanted[:8]}")
