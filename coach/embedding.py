"""Text to vectors: all-MiniLM-L6-v2 in 8-bit arithmetic, run on this machine by onnxruntime.

Activations are quantised as they come, by the largest of what is embedded together, so batch-mates shift
a vector by a hair. `embed` takes one text at a time: the same text gets the same bits whatever else is
embedded, which is what stored vectors need. `embed_quickly` takes the clauses of one answer together.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.config import keep_runtime_silent
from coach.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

    from coach.config import Settings

MODEL_SHA256 = "f3edc14b4a16b989bdab8158843168b4060a3fabccf3ea502111d0eb3a6ae39d"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MODEL_REF = f"all-MiniLM-L6-v2-int8@{MODEL_SHA256[:8]}"
DIMENSIONS = 384
MAX_TOKENS = 256  # what the model was trained on; the rest of a longer text is not read

# Texts padded to one length: so many batches are quicker than one, which pads more, and than many.
_BATCHES = 2
# Activations of one batch stay in memory.
_BATCH_TEXTS = 32
_HINT = "Reinstall the coach, or restore the folder knowledge/minilm from the project."


class Embedder:
    """Sentence vectors. Threads may share one; a process loads the model once, however often it opens."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.ref = MODEL_REF

    @classmethod
    def open(cls, settings: Settings) -> Embedder:
        """Loads the checked model; raises ConfigError `model_damaged` that names the file."""
        folder = settings.knowledge_dir / "minilm"
        return load_embedder(folder / "model.onnx", folder / "tokenizer.json")

    def embed(self, texts: Sequence[str], progress: Callable[[float], None] | None = None) -> np.ndarray:
        """One L2-normalised float32 vector per text, shape (n, 384), in the order given.

        `progress` hears the share done, 0.0 to 1.0. Only the first 256 tokens of a text count.
        """
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for place, text in enumerate(texts):
            vectors[place] = self._run([self._tokens(text)])
            if progress:
                progress((place + 1) / len(texts))
        return vectors

    def embed_quickly(self, texts: Sequence[str]) -> np.ndarray:
        """As `embed`, for the clauses of one answer, short and long ones in a batch each. What is embedded
        together shifts a vector a little, so this is not for what is stored."""
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        encoded = [self._tokens(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(encoded[place]))
        size = max(1, min(_BATCH_TEXTS, math.ceil(len(order) / _BATCHES)))
        for first in range(0, len(order), size):
            places = order[first : first + size]
            vectors[places] = self._run([encoded[place] for place in places])
        return vectors

    def _tokens(self, text: str) -> list[int]:
        # One at a time: the tokenizer's own thread pool warns when a server forks later. Half a surrogate
        # pair, which it would refuse, becomes a question mark.
        ids: list[int] = self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8")).ids
        return ids

    def _run(self, encoded: Sequence[Sequence[int]]) -> np.ndarray:
        import numpy as np

        ids = np.zeros((len(encoded), max(map(len, encoded))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        vectors: np.ndarray = self._session.run(["vectors"], {"ids": ids, "mask": mask})[0]
        return vectors


@lru_cache(maxsize=2)
def load_embedder(model: Path, tokenizer: Path) -> Embedder:
    """Loads the two files after checking their SHA-256; raises ConfigError `model_damaged`."""
    model_bytes = _read_checked(model, MODEL_SHA256)
    return Embedder(open_session(model_bytes), load_tokenizer(tokenizer, MAX_TOKENS))


def open_session(model: bytes) -> Any:
    """An onnxruntime session on the processor, sparing with memory and with idle threads."""
    keep_runtime_silent()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The arena keeps the largest batch's memory for good: 1.5 GB after 32 long texts.
    options.enable_cpu_mem_arena = False
    # Threads that spin between two calls take 40 % more processor time, and on a busy machine are slower.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def load_tokenizer(path: Path, longest: int | None) -> Any:
    """The checked tokenizer, cutting texts at `longest` tokens; raises ConfigError `model_damaged`."""
    content = _read_checked(path, TOKENIZER_SHA256)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_padding()
    if longest:
        tokenizer.enable_truncation(longest)
    else:
        tokenizer.no_truncation()
    return tokenizer


def _read_checked(path: Path, sha256: str) -> bytes:
    """The file's bytes, the very ones that were checked."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError("model_damaged", f"{path} cannot be read: {error.strerror}.", _HINT) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConfigError(
            "model_damaged", f"{path} is not the file it should be: its SHA-256 differs.", _HINT
        )
    return content
