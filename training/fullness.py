"""Fits how fully a question is answered to the raters' levels. Run: python -m training.fullness

A ridge regression of the raters' mean question_fit on what the network makes of the real answers, as judged
by networks that had not seen the speaker (`evaluation/held_out.jsonl`), stretched to the raters' spread,
since a regression draws everybody to the middle. Prints the numbers for `coach.judges.fit.FULLNESS`, and the
agreement of ten folds by person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from coach.judges.fit import MOST_LIFT
from evaluation.agreement import kappa
from training.corpus import Answer, read_real

NAMES = ("question_fit", "action", "result", "opinion", "log_words", "goal", "log_asked", "far")
PENALTY = 30.0


class Fit(NamedTuple):
    """Levels = offset + weights . features."""

    offset: float
    weights: np.ndarray

    def levels(self, features: np.ndarray) -> np.ndarray:
        """Whole levels 0 to 5, never more than MOST_LIFT above what the network says."""
        raw = np.minimum(self.offset + features @ self.weights, features[:, 0] + MOST_LIFT)
        return np.floor(np.clip(raw, 0, 5) + 0.5).astype(int)


def features_of(row: Mapping[str, Any]) -> list[float]:
    """What the fit reads, in the order of NAMES."""
    return [row["fullness"][name] for name in NAMES]


def fit(features: np.ndarray, wanted: np.ndarray) -> Fit:
    """The stretched ridge regression."""
    scaler = StandardScaler().fit(features)
    model = Ridge(alpha=PENALTY).fit(scaler.transform(features), wanted)
    guess = model.predict(scaler.transform(features))
    stretch = wanted.std() / guess.std()
    weights = model.coef_ / scaler.scale_ * stretch
    return Fit(float(wanted.mean() - features.mean(axis=0) @ weights), weights)


def weights_of(answers: Sequence[Answer], rows: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """What `coach.judges.fit.FULLNESS` would be if these answers were all there were."""
    features = np.array([features_of(rows[answer.id]) for answer in answers])
    found = fit(features, np.array([answer.mean_levels()["question_fit"] for answer in answers]))
    return {"offset": found.offset} | dict(zip(NAMES, found.weights.tolist(), strict=True))


def main() -> None:
    """Command line."""
    from evaluation.held_out import read_held_out  # which imports this module

    _, rows = read_held_out()
    answers = [answer for answer in read_real() if answer.id in rows]
    if not answers:
        raise SystemExit("The real answers are missing; see training/README.md.")
    features = np.array([features_of(rows[answer.id]) for answer in answers])
    wanted = np.array([answer.mean_levels()["question_fit"] for answer in answers])
    found = np.zeros(len(answers), dtype=int)
    groups = [answer.person for answer in answers]
    for train, test in GroupKFold(10).split(features, groups=groups):
        found[test] = fit(features[train], wanted[train]).levels(features[test])
    print(f"QWK, ten folds by person: {kappa(found, np.floor(wanted + 0.5).astype(int)):.3f}")
    for name, weight in weights_of(answers, rows).items():
        print(f"{name} = {weight:.3f}")


if __name__ == "__main__":
    main()
