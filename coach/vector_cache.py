"""Vectors of texts that rarely change, kept on disk so that a new process need not embed them again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.embedding import Embedder
    from coach.signals.types import Matrix


def cached_vectors(folder: Path, texts: Sequence[str], embedder: Embedder) -> Matrix:
    """Vectors (n, 384) of the texts, from the folder when they are there and whole.

    The file is named by a hash of model and texts, so it is never stale; a damaged one is made again. A
    folder that cannot be written costs time, nothing else.
    """
    import numpy as np

    key = hashlib.sha256("\0".join([embedder.ref, *texts]).encode()).hexdigest()[:16]
    path = folder / f"vectors-{key}.npy"
    try:
        vectors: Matrix = np.load(path, allow_pickle=False)
        if vectors.shape == (len(texts), 384) and vectors.dtype == np.float32 and np.isfinite(vectors).all():
            return vectors
    except (OSError, ValueError, EOFError):
        pass
    vectors = embedder.embed(texts)
    _keep(vectors, path)
    return vectors


def _keep(vectors: Matrix, path: Path) -> None:
    """Writes beside the file and moves it into place, so that no reader sees half of it."""
    import numpy as np

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.save(file, vectors)
        Path(name).replace(path)
    except OSError:
        return
