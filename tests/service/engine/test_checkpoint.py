from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import transformers

from service.engine.checkpoint import Checkpoint, ContextExceeded, TemplateRefused
from service.engine.protocol import Turn
from service.engine.sampling import Sampling
from service.errors import CheckpointError


@pytest.fixture
def directory(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "copy"))


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def complaint(directory: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        Checkpoint("multi", directory)
    assert "'multi'" in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_a_checkpoint_tells_of_itself(directory: Path) -> None:
    checkpoint = Checkpoint("multi", directory)
    assert checkpoint.info.context == 192
    assert checkpoint.info.parameters == 44_192
    assert checkpoint.eos == {1}
    assert checkpoint.sampling == Sampling()
    assert checkpoint.tokenizer.decode(checkpoint.encode([Turn("user", "Zahnweh")]), False).endswith("<|assistant|>")


def test_its_generation_config_is_its_wish(directory: Path) -> None:
    wish = {"do_sample": True, "temperature": 0.7, "top_k": 20, "eos_token_id": [1, 3]}
    change(directory / "generation_config.json", **wish)
    checkpoint = Checkpoint("multi", directory)
    assert checkpoint.sampling == Sampling(temperature=0.7, top_k=20)
    assert checkpoint.eos == {1, 3}


def test_a_template_may_refuse_a_role(directory: Path) -> None:
    with pytest.raises(TemplateRefused):
        Checkpoint("multi", directory).encode([Turn("tool", "42")])


@pytest.mark.parametrize(("letters", "unit"), [(400, "tokens"), (5_000_000, "characters")])
def test_a_prompt_must_leave_room(directory: Path, letters: int, unit: str) -> None:
    with pytest.raises(ContextExceeded, match=rf"[0-9]+ {unit}.* 192 tokens"):
        Checkpoint("multi", directory).encode([Turn("user", "q" * letters)])


def test_a_prompt_is_what_the_library_makes_of_it(directory: Path) -> None:
    checkpoint = Checkpoint("multi", directory)
    turns = [Turn("system", " Sei kurz. "), Turn("user", "歯<|end|>🦷\n"), Turn("assistant", ""), Turn("user", "?")]
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory)
    messages = [{"role": turn.role, "content": turn.content} for turn in turns]
    assert checkpoint.encode(turns) == tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"]


def test_a_bare_text_is_a_turn_and_one_with_special_tokens_is_taken_as_it_is(directory: Path) -> None:
    checkpoint = Checkpoint("multi", directory)
    turn = checkpoint.encode([Turn("user", "Zahnweh <|x|>")])
    assert checkpoint.encode("Zahnweh <|x|>") == turn
    written = "<|user|>Zahnweh<|assistant|>Drei"
    assert checkpoint.tokenizer.decode(checkpoint.encode(written), skip_special_tokens=False) == written
    assert checkpoint.encode("")


def test_no_chat_template(directory: Path) -> None:
    (directory / "chat_template.jinja").unlink()
    assert "no chat template" in complaint(directory)


def test_a_template_that_does_not_parse(directory: Path) -> None:
    (directory / "chat_template.jinja").write_text("{% for %}")
    assert "chat template" in complaint(directory)


def test_a_tokenizer_that_is_something_else(directory: Path) -> None:
    (directory / "tokenizer.json").write_text('{"version": "1.0"}')
    assert "tokenizer.json" in complaint(directory)


@pytest.mark.parametrize(
    "values",
    [{"num_hidden_layers": 3}, {"hidden_size": 64}, {"model_type": "not-a-model"}, {"num_attention_heads": "four"}],
)
def test_a_config_of_another_model(directory: Path, values: dict[str, object]) -> None:
    change(directory / "config.json", **values)
    assert "config.json" in complaint(directory)


def test_a_model_without_keys_and_values(save_checkpoint: Callable[[object], Path]) -> None:
    config = transformers.MambaConfig(vocab_size=400, hidden_size=32, num_hidden_layers=2, state_size=4, eos_token_id=1)
    config.max_position_embeddings = 192
    assert "keys and values" in complaint(save_checkpoint(config))
