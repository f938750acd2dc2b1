"""The reader's network in torch: MiniLM over question and answer, with heads for parts, levels and type."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from coach.reader_model import CLS, MAX_TOKENS, QUESTION_TOKENS, SEP
from coach.schema import ANSWER_TYPES, LABELS
from training.examples import Example

HIDDEN = 384
THRESHOLDS = 5  # levels 0 to 5
CRITERIA = 5


class Encoded(NamedTuple):
    """One text for the network: token ids (T,), 0 for question and 1 for answer (T,), and for every token the
    number of its clause, -1 outside the answer (T,)."""

    ids: np.ndarray
    kinds: np.ndarray
    clause: np.ndarray


def encode(question: Sequence[int], clauses: Sequence[Sequence[int]]) -> Encoded:
    """[CLS] question [SEP] answer [SEP], cut to what the network takes; every clause keeps a token."""
    question = question[:QUESTION_TOKENS]
    ids, kinds, clause = [CLS, *question, SEP], [0] * (len(question) + 2), [-1] * (len(question) + 2)
    for number, tokens in enumerate(clauses):
        room = MAX_TOKENS - 1 - len(ids)
        kept = list(tokens[:room])
        ids += kept
        kinds += [1] * len(kept)
        clause += [number] * len(kept)
    return Encoded(np.array([*ids, SEP]), np.array([*kinds, 1]), np.array([*clause, -1]))


class ReaderNet(nn.Module):
    """Outputs for a batch: label logits (B, C, 6), level logits (B, 5, 5: more than 0 .. more than 4), type
    logits (B, 6), and for each activity of the role a logit that it is shown (B, activities)."""

    def __init__(self, folder: Path, activities: int) -> None:
        super().__init__()
        from transformers import BertModel

        self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
        # Words keep their meaning; what is learned is how to read them.
        self.encoder.embeddings.requires_grad_(False)
        self.label = nn.Linear(HIDDEN, len(LABELS))
        self.query = nn.Linear(HIDDEN, CRITERIA)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.level = nn.Parameter(torch.randn(CRITERIA, 2 * HIDDEN) * 0.02)
        self.cuts = nn.Parameter(torch.linspace(1.0, -3.0, THRESHOLDS).repeat(CRITERIA, 1))
        self.scale = nn.Parameter(torch.ones(CRITERIA, THRESHOLDS))
        self.kind = nn.Linear(2 * HIDDEN, len(ANSWER_TYPES))
        self.sought = nn.Linear(HIDDEN, activities)
        self.work = nn.Linear(HIDDEN, HIDDEN)
        self.activity = nn.Parameter(torch.randn(activities, HIDDEN) * 0.05)
        self.unlikely = nn.Parameter(torch.full((activities,), -1.5))
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor, pool: Tensor) -> tuple[Tensor, ...]:
        """`ids`, `kinds`, `mask` (B, T); `pool` (B, C, T) averages the tokens of each clause."""
        states = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        clauses = pool @ states
        inside = (pool.sum(1) > 0).unsqueeze(1)
        told = _attended(self.query(states), inside, torch.tanh(self.value(states)))
        first = states[:, :1].expand(-1, CRITERIA, -1)
        both = self.drop(torch.cat([told, first], -1))
        strength = (both * self.level).sum(-1, keepdim=True)
        levels = strength * self.scale.abs() + self.cuts
        answer = (inside.float() @ states).squeeze(1) / inside.float().sum(-1).clamp(min=1)
        kind = self.kind(self.drop(torch.cat([answer, states[:, 0]], -1)))
        work = _attended(self.sought(states), inside, torch.tanh(self.work(states)))
        shown = (self.drop(work) * self.activity).sum(-1) + self.unlikely
        return self.label(self.drop(clauses)), levels, kind, shown


def _attended(scores: Tensor, inside: Tensor, values: Tensor) -> Tensor:
    """For each of n questions the mean of the values (B, T, H), weighed by softmax of its scores (B, T, n)
    over the tokens that are `inside` (B, 1, T); shape (B, n, H)."""
    return torch.softmax(scores.transpose(1, 2).masked_fill(~inside, -1e4), -1) @ values


class Batch(NamedTuple):
    """Examples padded to one shape."""

    ids: Tensor
    kinds: Tensor
    mask: Tensor
    pool: Tensor


def collate(examples: Sequence[Example]) -> Batch:
    """Pads the examples; padding belongs to no clause."""
    texts = [encode(example.question, example.clauses) for example in examples]
    longest = _stepped(max(len(text.ids) for text in texts), 32)
    clauses = _stepped(max(len(example.labels) for example in examples), 8)
    ids, kinds, mask = (np.zeros((len(examples), longest), dtype=np.int64) for _ in range(3))
    pool = np.zeros((len(examples), clauses, longest), dtype=np.float32)
    for row, encoded in enumerate(texts):
        size = len(encoded.ids)
        ids[row, :size], kinds[row, :size], mask[row, :size] = encoded.ids, encoded.kinds, 1
        pool[row] = pooling(encoded.clause, clauses, longest)
    return Batch(*(torch.from_numpy(part) for part in (ids, kinds, mask, pool)))


def _stepped(size: int, step: int) -> int:
    """The next multiple: a new shape costs more to prepare than the padding does to compute."""
    return -(-size // step) * step


def pooling(clause: np.ndarray, clauses: int, length: int) -> np.ndarray:
    """(clauses, length): each row averages the tokens of one clause; all zero for a clause without tokens."""
    matrix = np.zeros((clauses, length), dtype=np.float32)
    for place, number in enumerate(clause):
        if number >= 0:
            matrix[number, place] = 1.0
    return matrix / np.maximum(matrix.sum(1, keepdims=True), 1.0)


def loss_of(outputs: tuple[Tensor, ...], examples: Sequence[Example]) -> Tensor:
    """Sum of the heads' losses over the targets that are there."""
    labels, levels, kind, shown = outputs
    total = torch.zeros(())
    count = labels.shape[1]
    wanted = np.zeros((len(examples), count, len(LABELS)), dtype=np.float32)
    for row, example in enumerate(examples):
        wanted[row, : len(example.labels)] = example.labels
    target = torch.from_numpy(wanted)
    per_clause = -(target * torch.log_softmax(labels.float(), -1)).sum(-1)
    there = target.sum(-1)
    total = total + (per_clause.sum(1) / there.sum(1).clamp(min=1)).mean()
    mean = torch.tensor(np.array([example.levels for example in examples]), dtype=torch.float32)
    known = ~torch.isnan(mean)
    steps = torch.arange(THRESHOLDS, dtype=torch.float32)
    above = (mean.nan_to_num().unsqueeze(-1) - steps).clamp(0, 1)
    per_level = nn.functional.binary_cross_entropy_with_logits(levels.float(), above, reduction="none").sum(
        -1
    )
    if known.any():
        total = total + 1.5 * ((per_level * known).sum() / known.sum())
    types = torch.from_numpy(np.array([example.kind for example in examples]))
    total = total + 0.7 * -(types * torch.log_softmax(kind.float(), -1)).sum(-1).mean()
    marks = torch.from_numpy(np.array([example.shown for example in examples]))
    marked = ~torch.isnan(marks)
    if marked.any():
        lost = nn.functional.binary_cross_entropy_with_logits(
            shown.float(), marks.nan_to_num(), reduction="none"
        )
        total = total + (lost * marked).sum() / marked.sum()
    return total


def predict(net: ReaderNet, example: Example) -> dict[str, np.ndarray]:
    """For one answer, alone: `labels` (n, 6) and `kind` (6,) probabilities, `levels` (5, 5) the chances of a
    level of more than 0 .. more than 4, `shown` (activities,) the chance that each is shown."""
    net.eval()
    with torch.no_grad():
        labels, levels, kind, shown = net(*collate([example]))
    return {
        "labels": torch.softmax(labels[0, : len(example.labels)], -1).numpy(),
        "levels": torch.sigmoid(levels[0]).numpy(),
        "kind": torch.softmax(kind[0], -1).numpy(),
        "shown": torch.sigmoid(shown[0]).numpy(),
    }
