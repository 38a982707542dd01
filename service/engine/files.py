"""Finds a checkpoint's files and looks them over before torch is imported: most mistakes are told in a blink."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import msgspec

from ..errors import CheckpointError

# https://huggingface.co/docs/hub/repositories: "name" or "owner/name" of letters, digits, ".", "_" and "-".
_HUB_ID = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)
# What is needed to run a checkpoint. No pickled weights: loading them would run code.
_PATTERNS = ["*.json", "*.jinja", "*.model", "*.txt", "*.safetensors"]
_HUB_SECONDS = 5.0


def locate(name: str, source: str) -> Path:
    """The directory of checkpoint ``name``, fetched from the hub if ``source`` is a hub id, with its files checked.

    Raises:
        CheckpointError: there is no such checkpoint, or a file of it is missing or broken.
    """
    path = Path(source).expanduser()
    if not path.is_dir():
        if path.exists() or not _HUB_ID.fullmatch(source):
            raise CheckpointError(f"checkpoint {name!r}: {source} is not a directory; give the one with config.json")
        path = _fetch(name, source)
    _check(name, path)
    return path


def _fetch(name: str, hub_id: str) -> Path:
    """A snapshot that is in the hub's cache already is used as it is: a restart never changes the weights."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import (  # type: ignore[attr-defined]  # HTTPError: its HTTP library's, whichever it is
        GatedRepoError,
        HFValidationError,
        HTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    with suppress(LocalEntryNotFoundError):
        return Path(snapshot_download(hub_id, allow_patterns=_PATTERNS, local_files_only=True))
    local = "or give the directory of a local checkpoint"
    try:
        # snapshot_download() puts this question too, but would wait for its answer for ever.
        HfApi().model_info(hub_id, timeout=_HUB_SECONDS)
        return Path(snapshot_download(hub_id, allow_patterns=_PATTERNS, etag_timeout=_HUB_SECONDS))
    except GatedRepoError as error:
        raise CheckpointError(
            f"checkpoint {name!r}: {hub_id} is gated; accept its terms on the hub and set HF_TOKEN, {local}"
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise CheckpointError(
            f"checkpoint {name!r}: no directory {hub_id}, and the Hugging Face hub has no such model (a private one "
            f"needs HF_TOKEN); check the name, {local}"
        ) from error
    except (HTTPError, OSError) as error:
        raise CheckpointError(
            f"checkpoint {name!r}: no directory {hub_id}, and the Hugging Face hub could not be reached; "
            f"check the network, {local}"
        ) from error


def _check(name: str, directory: Path) -> None:
    for file in ("config.json", "tokenizer.json"):
        _check_json(name, directory / file)
    weights = sorted(directory.glob("*.safetensors"))
    if not weights:
        raise CheckpointError(f"checkpoint {name!r}: no *.safetensors file in {directory}; other formats are not read")
    for path in weights:
        _check_weights(name, path)


def _check_json(name: str, path: Path) -> None:
    try:
        msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
    except FileNotFoundError as error:
        raise CheckpointError(f"checkpoint {name!r}: {path} is missing; save it with save_pretrained()") from error
    except (OSError, msgspec.DecodeError) as error:
        raise CheckpointError(f"checkpoint {name!r}: {path} cannot be read: {error}; copy it again") from error


def _check_weights(name: str, path: Path) -> None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "np"):
            pass
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"checkpoint {name!r}: {path} is broken ({error}); copy it again - the copy may have been cut short, "
            "or it may be a Git LFS pointer"
        ) from error
