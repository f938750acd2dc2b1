"""Writes the trained network as ONNX with 8-bit weights, and checks that it says the same."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from coach.reader_model import OUTPUTS, digest_of
from training.examples import Example
from training.network import ReaderNet, encode, pooling, predict

OPSET = 17


class Shipped(nn.Module):
    """The network for one text: token ids and kinds (1, T), pooling (C, T); gives probabilities."""

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, kinds: Tensor, pool: Tensor) -> tuple[Tensor, ...]:
        """Label probabilities (C, 6), level chances (5, 5), type probabilities (6,), activities."""
        labels, levels, kind, shown = self.net(ids, kinds, torch.ones_like(ids), pool.unsqueeze(0))
        return (
            torch.softmax(labels[0], -1),
            torch.sigmoid(levels[0]),
            torch.softmax(kind[0], -1),
            torch.sigmoid(shown[0]),
        )


def write_model(net: ReaderNet, folder: Path, samples: Sequence[Example], activities: Sequence[str]) -> None:
    """Writes `reader.onnx`, the ids of the activities it knows, and the SHA-256 of both into the folder;
    prints how far the 8-bit weights are from the float ones on the samples."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    net.eval()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "reader.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        _export(net, exact, samples[0])
        # Seven bits: processors that add products of 8-bit numbers in 16 bits would overflow with eight.
        quantize_dynamic(exact, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    (folder / "activities.txt").write_text("\n".join(activities) + "\n", encoding="utf-8")
    digest = digest_of(target.read_bytes(), activities)
    (folder / "reader.sha256").write_text(f"{digest}\n", encoding="utf-8")
    drift = max(_drift(net, target, sample) for sample in samples)
    print(f"wrote {target}: {target.stat().st_size / 1e6:.1f} MB; largest drift of a level {drift:.2f}")


def _export(net: ReaderNet, path: Path, sample: Example) -> None:
    feed = {name: torch.from_numpy(value) for name, value in _feed(sample).items()}
    torch.onnx.export(
        Shipped(net),
        tuple(feed.values()),
        path,
        input_names=["ids", "kinds", "pool"],
        output_names=list(OUTPUTS),
        dynamic_axes={"ids": {1: "T"}, "kinds": {1: "T"}, "pool": {0: "C", 1: "T"}},
        opset_version=OPSET,
        dynamo=False,
    )


def _feed(sample: Example) -> dict[str, np.ndarray]:
    """One text as the coach feeds it: no padding."""
    text = encode(sample.question, sample.clauses)
    pool = pooling(text.clause, len(sample.clauses), len(text.ids))
    return {"ids": text.ids[None], "kinds": text.kinds[None], "pool": pool}


def _drift(net: ReaderNet, path: Path, sample: Example) -> float:
    """The largest difference of an expected level between the float and the 8-bit network."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    levels = session.run(["levels"], _feed(sample))[0]
    return float(np.abs(levels.sum(-1) - predict(net, sample)["levels"].sum(-1)).max())
