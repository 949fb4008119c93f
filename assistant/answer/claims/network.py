"""The network that reads a statement beside cited text: MiniLM as a cross-encoder, adapted.

The packaged MiniLM stays as it is; what was learned are low-rank additions to its matrices (LoRA,
Hu et al., ICLR 2022), its norms and biases, and two heads: whether the statement is unsupported,
and which of its tokens make it so. Trained by benchmarks/crossreader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

Weights = Mapping[str, npt.NDArray[Any]]
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_LEAST = -1e4  # for tokens that do not count in a maximum


class Network(nn.Module):
    """MiniLM with the two heads."""

    def __init__(self, folder: Path, dropout: float = 0.0) -> None:
        """``folder`` holds the embedding model's weights and configuration."""
        super().__init__()
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
        self.encoder = AutoModel.from_pretrained(
            folder, config=config, local_files_only=True, dtype=torch.float32
        )
        self.encoder.pooler = None
        size = config.hidden_size
        self.token = nn.Sequential(nn.Linear(size, 96), nn.GELU(), nn.Linear(96, 1))
        self.pair = nn.Sequential(nn.Linear(3 * size, 192), nn.GELU(), nn.Linear(192, 1))

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Log-odds of being unsupported, and of each token being at fault.

        Shapes (pairs,) and (pairs, tokens); the arguments have the latter, too. ``segments`` is
        0 in the statement, which comes first, and ``mask`` is 1 where there is a token.
        """
        states = self.encoder(
            input_ids=ids, token_type_ids=segments, attention_mask=mask
        ).last_hidden_state.float()
        inside = ((segments == 0) & (mask == 1)).unsqueeze(-1)
        inside[:, 0] = False  # the token that stands for the whole
        mean = (states * inside).sum(1) / inside.sum(1).clamp(min=1)
        most = states.masked_fill(~inside, _LEAST).max(1).values
        whole = self.pair(torch.cat([states[:, 0], mean, most], dim=1)).squeeze(-1)
        return whole, self.token(states).squeeze(-1)

    def matrices(self) -> Iterator[tuple[str, nn.Module, str]]:
        """The matrices that are adapted: name, the module that holds it, its name there."""
        for number, layer in enumerate(self.encoder.encoder.layer):
            for path in _MATRICES:
                above, _, last = path.rpartition(".")
                yield f"{number}.{path}", layer.get_submodule(above), last


def load(folder: Path, weights: Weights) -> Network:
    """The network with what was learned added to the model in ``folder``.

    ``weights``: for each adapted matrix NAME the factors ``NAME.a`` (rank, inputs) and ``NAME.b``
    (outputs, rank), whose product is added to it; all other names are parameters of the network.
    """
    network = Network(folder).eval()
    values = {
        name: torch.from_numpy(np.asarray(value, np.float32)) for name, value in weights.items()
    }
    parameters = dict(network.named_parameters())
    with torch.no_grad():
        for name, holder, last in network.matrices():
            matrix = getattr(holder, last)
            matrix.weight += values.pop(f"{name}.b") @ values.pop(f"{name}.a")
        for name, value in values.items():
            parameters[name].copy_(value)
    return network
