"""Retrieval on O*NET: does a task statement find the work activities that analysts linked to it?"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from coach.embedding import Embedder


def report_onet(embedder: Embedder, folder: Path, occupations: int) -> None:
    """Prints recall of both methods over about so many occupations; `folder` holds the two files."""
    documents: dict[str, dict[str, str]] = defaultdict(dict)
    with (folder / "retrieval_dwa_docs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            documents[row["role"]][row["doc_id"]] = row["text"]
    chosen = set(sorted(documents)[:: max(1, len(documents) // occupations)])
    lines = (folder / "retrieval_task_to_dwa.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [query for query in map(json.loads, lines) if query["role"] in chosen]
    tfidf = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    tfidf.fit([text for own in documents.values() for text in own.values()])
    methods: dict[str, Callable[[Sequence[str]], Any]] = {"MiniLM": embedder.embed, "TF-IDF": tfidf.transform}
    print(f"\nO*NET, within the occupation: {len(queries)} tasks of {len(chosen)} occupations")
    for name, vectorize in methods.items():
        found = onet_recall(vectorize, documents, queries)
        print(f"  {name}  " + "  ".join(f"recall@{k} {value:.3f}" for k, value in found.items()))


def onet_recall(
    vectorize: Callable[[Sequence[str]], Any],
    documents: Mapping[str, Mapping[str, str]],
    queries: Sequence[Mapping[str, Any]],
) -> dict[int, float]:
    """Mean share of a task's linked activities among its k best, for k of 1, 3 and 5."""
    by_role: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for query in queries:
        by_role[query["role"]].append(query)
    shares: dict[int, list[float]] = {1: [], 3: [], 5: []}
    for role, own in by_role.items():
        ids = list(documents[role])
        scores = vectorize([q["query"] for q in own]) @ vectorize(list(documents[role].values())).T
        scores = scores if isinstance(scores, np.ndarray) else scores.toarray()
        for query, row in zip(own, scores, strict=True):
            best = [ids[place] for place in np.argsort(-row, kind="stable")]
            for k, values in shares.items():
                values.append(len(set(best[:k]) & set(query["relevant"])) / len(query["relevant"]))
    return {k: float(np.mean(values)) for k, values in shares.items()}
