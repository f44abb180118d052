"""A sentence encoder from a local folder or a hub: texts to vectors, and the vectors already made, kept on disk.

The extra `semantic` is optional: nothing else in the product needs it, and only here is it imported, when it is used.
"""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol

import numpy as np

from kbengine.errors import SettingsError
from kbengine.suggest.meaning import Vectors

_log = logging.getLogger(__name__)

# What a model's reader looks at is in its first few hundred words; the rest would only be cut up to be thrown away.
_MOST_CHARACTERS: Final = 4_000
_BATCH: Final = 32
_CHUNK: Final = 2**20
# The same weights once more, for other readers.
_OTHER_FORMATS: Final = ("*.h5", "*.msgpack", "*.onnx", "*.ot", "openvino/*")


class Encoder(Protocol):
    """What turns texts into vectors of length 1, one a row; `identity` changes with anything that changes them."""

    @property
    def identity(self) -> str:
        """The digest of the model."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row for each text."""


class SentenceEncoder:
    """A model of sentence-transformers; safe to share between threads."""

    def __init__(self, model: Any, identity: str) -> None:
        self._model = model
        self._identity = identity
        # The tokenizer is told how to cut before each use, and refuses to be told while it cuts.
        self._lock = Lock()

    @property
    def identity(self) -> str:
        """The digest of the model's files."""
        return self._identity

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, rounded to half precision: the company a text is encoded in leaves no trace.

        Raises SettingsError when the model fails; no text stands in it.
        """
        cut = [text[:_MOST_CHARACTERS] for text in texts]
        try:
            with self._lock:
                made = self._model.encode(cut, batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
            return _rounded(np.asarray(made, np.float32))
        except Exception as error:  # whatever a model may raise
            message = f"The sentence encoder failed on {len(texts)} texts: {type(error).__name__}."
            raise SettingsError("encoder.failed", message, "See that the machine has memory left.") from error


def load_encoder(name: str, *, download: bool = False) -> SentenceEncoder:
    """The encoder in a folder, or of that name on the hub as this machine has it.

    With `download` what is missing is fetched from the hub, else nothing leaves the machine. Raises SettingsError.
    """
    try:
        import torch
        from huggingface_hub import snapshot_download
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        message = f"KB_ENCODER is {name!r}, but the extra `semantic` is not installed: {error}."
        hint = "Install it (pip install 'webcare-kb[semantic]'), or leave KB_ENCODER out: suggestions go by words."
        raise SettingsError("encoder.not-installed", message, hint, encoder=name) from error
    disable_progress_bar()
    # There is a process for each core already: threads that wait for one another cost more than they bring.
    torch.set_num_threads(1)
    folder = Path(name)
    try:
        # By a folder it is loaded without a look at the hub; by a name it would ask there, whatever it was told.
        if not folder.is_dir():
            folder = Path(snapshot_download(name, local_files_only=not download, ignore_patterns=_OTHER_FORMATS))
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        encoder = SentenceEncoder(model, _identity(folder))
        encoder.vectors(["test"])
    except Exception as error:  # whatever a damaged or half-fetched model makes its reader raise
        message = f"KB_ENCODER is {name!r}, and no sentence encoder can be loaded from there: {_first_line(error)}"
        raise SettingsError("encoder.unreadable", message, _hint(name, download), encoder=name) from error
    return encoder


@dataclass(frozen=True, slots=True)
class Wanted:
    """The encoder that the settings name, or what is the matter with it; neither when they name none."""

    encoder: SentenceEncoder | None = None
    problem: SettingsError | None = None


@lru_cache(maxsize=1)
def wanted_encoder(name: str, download: bool) -> Wanted:
    """This process's encoder, loaded once; what is the matter with it is said in the log once."""
    if not name:
        return Wanted()
    try:
        return Wanted(encoder=load_encoder(name, download=download))
    except SettingsError as error:
        _log.warning("%s Until then suggestions go by words alone.", error)
        return Wanted(problem=error)


def vector_or_none(encoder: Encoder, text: str) -> Vectors | None:
    """The vector of a message; None, and a line in the log without it, when the encoder fails."""
    try:
        vector: Vectors = encoder.vectors([text])[0]
    except SettingsError as error:
        _log.warning("%s This message is answered by words alone.", error)
        return None
    return vector


def kept_vectors(encoder: Encoder, texts: Sequence[str], kept: Path | None) -> Vectors:
    """The vectors of texts, of which only those that are not in the file yet are made.

    The file holds afterwards what these texts need and nothing else: vectors by digest, no text.
    """
    names = [_name(encoder, text) for text in texts]
    known = _read(kept) if kept else {}
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if missing:
        known = {**known, **dict(zip(missing, encoder.vectors(list(missing.values())), strict=True))}
    used = {name: known[name] for name in sorted(set(names))}
    if kept and (missing or len(used) != len(known)):
        _write(kept, used)
    return np.array([known[name] for name in names], np.float32)


def _name(encoder: Encoder, text: str) -> str:
    return hashlib.sha256(f"{encoder.identity}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path) -> dict[str, Vectors]:
    """What a file of vectors holds; nothing when it is not there, or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            return dict(zip(held["names"].tolist(), _rounded(held["vectors"].astype(np.float32)), strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _write(path: Path, vectors: Mapping[str, Vectors]) -> None:
    beside = path.with_suffix(".new.npz")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = np.array([vectors[name] for name in vectors], np.float16)
    np.savez(beside, allow_pickle=False, names=np.array(list(vectors), "U64"), vectors=rows)
    beside.replace(path)


def _rounded(vectors: Vectors) -> Vectors:
    """Vectors in half precision and, as far as that goes, of length 1."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    rounded: Vectors = (vectors / np.maximum(length, 1e-9)).astype(np.float16).astype(np.float32)
    return rounded


def _identity(folder: Path) -> str:
    """The digest of a model's files, their names included."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _first_line(error: Exception) -> str:
    line = (str(error).strip() or type(error).__name__).split("\n")[0]
    return line if line.endswith(".") else line + "."


def _hint(name: str, download: bool) -> str:
    if Path(name).is_dir():
        return "Give the folder of a whole sentence-transformers model, or leave KB_ENCODER out."
    if download:
        return "See that the hub can be reached and has it, or give the folder of a model."
    return "Give the folder of a model, or say KB_ENCODER_DOWNLOAD=yes once on a machine that may fetch it."
