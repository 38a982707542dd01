from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from service.engine.files import locate
from service.errors import CheckpointError


@pytest.fixture
def directory(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "copy"))


def complaint(source: str | Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        locate("multi", str(source))
    assert "'multi'" in str(caught.value)
    return str(caught.value)


def test_a_whole_checkpoint_is_found(directory: Path) -> None:
    assert locate("multi", str(directory)) == directory


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert "is not a directory" in complaint(tmp_path / "nothing")
    assert "is not a directory" in complaint("./nothing")
    assert "is not a directory" in complaint("a/b/c")


def test_a_file_instead_of_its_directory(directory: Path) -> None:
    assert "is not a directory" in complaint(directory / "config.json")


@pytest.mark.parametrize("file", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_missing_file_is_named(directory: Path, file: str) -> None:
    (directory / file).unlink()
    assert file.removeprefix("model") in complaint(directory)


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00"])
@pytest.mark.parametrize("file", ["config.json", "tokenizer.json"])
def test_json_that_cannot_be_read(directory: Path, file: str, text: str) -> None:
    (directory / file).write_text(text)
    assert str(directory / file) in complaint(directory)


def test_weights_that_were_cut_short(directory: Path) -> None:
    weights = directory / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "model.safetensors is broken" in complaint(directory)


def test_weights_that_are_a_git_lfs_pointer(directory: Path) -> None:
    (directory / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert "Git LFS" in complaint(directory)


def test_pickled_weights_are_not_read(directory: Path) -> None:
    (directory / "model.safetensors").rename(directory / "pytorch_model.bin")
    assert "no *.safetensors" in complaint(directory)


def test_a_checkpoint_without_a_tokenizer_config_is_whole(directory: Path) -> None:
    (directory / "tokenizer_config.json").unlink()
    assert json.loads((locate("multi", str(directory)) / "config.json").read_text())
