"""Writes `knowledge/minilm/model.onnx`: all-MiniLM-L6-v2 with its pooling, in 8-bit arithmetic.

    python -m training.embedder    # then put the printed sum into coach/embedding.py and NOTICE.md

Weights keep 7 bits, so that processors that add products of 8-bit numbers in 16 bits do not overflow and
every machine gets the same vectors.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from coach.config import Settings
from training.export import OPSET
from training.train_reader import base_model


class Sentences(nn.Module):
    """Token ids and mask (B, T) to vectors of unit length (B, 384): the mean over a text's tokens."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import BertModel

        self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The vectors."""
        states = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)
        ).last_hidden_state
        inside = mask.unsqueeze(-1).to(states.dtype)
        return nn.functional.normalize((states * inside).sum(1) / inside.sum(1), dim=1)


def main() -> None:
    """Command line."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target = Settings.from_env().knowledge_dir / "minilm" / "model.onnx"
    ids = torch.arange(2000, 2018).reshape(2, 9)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        torch.onnx.export(
            Sentences(base_model()).eval(),
            (ids, mask),
            exact,
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes={"ids": {0: "B", 1: "T"}, "mask": {0: "B", 1: "T"}},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(exact, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    print(f"{target}: {target.stat().st_size:,} bytes, {hashlib.sha256(target.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
