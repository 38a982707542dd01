"""Loads a checkpoint: the weights, the tokenizer, and what its files say on how to use them."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from jinja2 import TemplateError
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.cache_utils import DynamicCache, DynamicLayer

from ..errors import CheckpointError
from .protocol import CheckpointInfo, Turn
from .sampling import Sampling


class TemplateRefused(ValueError):
    """The chat template does not take these messages, e.g. it knows no system role."""


class ContextExceeded(ValueError):
    """The prompt is too long."""


class Checkpoint:
    """A causal language model that keeps keys and values, and its tokenizer.

    Raises:
        CheckpointError: the files do not make a chat model.
    """

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        cuda = torch.cuda.is_available()
        # float32 on CPUs: without AVX-512 or AMX, bfloat16 is half as fast there.
        with _Loading(name, directory, "tokenizer.json and tokenizer_config.json"):
            self._template: Any = AutoTokenizer.from_pretrained(directory, local_files_only=True)
        with _Loading(name, directory, "config.json and the weights"):
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                directory,
                dtype=torch.bfloat16 if cuda else torch.float32,
                local_files_only=True,
                use_safetensors=True,
                output_loading_info=True,
            )
        model, report = loaded
        self._model: Any = model.eval().to("cuda" if cuda else "cpu")
        missing = sorted({*report["missing_keys"], *(str(key) for key in report["mismatched_keys"])})
        if missing:
            raise CheckpointError(
                f"checkpoint {name!r}: config.json in {directory} describes {len(missing)} weights that the "
                f"*.safetensors files do not have (first: {missing[0]}); they belong to different models"
            )
        self.tokenizer = self._fast_tokenizer(directory)
        self.context = self._context(directory)
        self._room = f"more than fit the checkpoint's context of {self.context} tokens with one token of a reply"
        special = [token.content for token in self.tokenizer.get_added_tokens_decoder().values() if token.special]
        self._special_tokens = tuple(special)
        self._longest_token = max(map(len, self.tokenizer.get_vocab()))
        self.eos = self._eos()
        self.sampling = self._sampling()
        self.device: torch.device = self._model.device
        takes = inspect.signature(model.forward).parameters
        self._takes_positions = "position_ids" in takes
        self._cache_name = "cache" if "cache" in takes else "past_key_values"  # its name before transformers 5.24
        self._check_generates(directory)

    @property
    def info(self) -> CheckpointInfo:
        """What the gateway is told of it."""
        return CheckpointInfo(
            context=self.context,
            parameters=self._model.num_parameters(),
            dtype=str(self._model.dtype).removeprefix("torch."),
            device=str(self.device),
        )

    def encode(self, turns: list[Turn] | str) -> list[int]:
        """The prompt's tokens.

        Served checkpoints are tuned to answer turns, and continue a bare text badly. So a text without any of the
        tokenizer's special tokens is taken for one turn of the user; one with them was written for the model, and is
        taken as it is.

        Raises:
            TemplateRefused: the chat template does not take these roles, or this order of them.
            ContextExceeded: the prompt leaves no room for a reply.
        """
        if isinstance(turns, str):
            written_for_model = any(token in turns for token in self._special_tokens)
            text = turns if written_for_model else self._templated([Turn("user", turns)])
        else:
            text = self._templated(turns)
        # Every checkpoint waits while one prompt is cut into tokens (4 MB: 6 s), so a hopeless one is not.
        if len(text) > self.context * self._longest_token:
            raise ContextExceeded(f"the prompt has {len(text)} characters, {self._room}")
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        if len(ids) >= self.context:
            raise ContextExceeded(f"the prompt has {len(ids)} tokens, {self._room}")
        return ids

    def _templated(self, turns: list[Turn]) -> str:
        messages = [{"role": turn.role, "content": turn.content} for turn in turns]
        try:
            text: str = self._template.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        except TemplateError as error:
            raise TemplateRefused("the chat template does not take these roles in this order") from error
        return text

    def forward(
        self, ids: torch.Tensor, cache: DynamicCache, mask: torch.Tensor | None = None, at: torch.Tensor | None = None
    ) -> torch.Tensor:
        """The logits after the last token of each row, ``[rows, vocabulary]``; ``cache`` grows by ``ids``.

        Args:
            ids: tokens, ``[rows, new]``.
            cache: keys and values of the tokens before.
            mask: 1 where a token is, 0 where padding is, ``[rows, before + new]``; None if nothing is padded.
            at: the tokens' positions, ``[rows, new]``; None to count from 0.
        """
        arguments: dict[str, Any] = {self._cache_name: cache}
        if self._takes_positions and at is not None:
            arguments["position_ids"] = at
        output = self._model(input_ids=ids, attention_mask=mask, use_cache=True, logits_to_keep=1, **arguments)
        logits: torch.Tensor = output.logits[:, -1]
        return logits

    def _fast_tokenizer(self, directory: Path) -> Tokenizer:
        if not self._template.is_fast:
            raise CheckpointError(f"checkpoint {self.name!r}: the tokenizer in {directory} has no tokenizer.json")
        if not self._template.chat_template:
            raise CheckpointError(
                f"checkpoint {self.name!r}: no chat template in {directory} (chat_template.jinja, or chat_template in "
                "tokenizer_config.json); serve a checkpoint that was tuned for chat, or add its template"
            )
        tokenizer: Tokenizer = self._template.backend_tokenizer
        return tokenizer

    def _context(self, directory: Path) -> int:
        context = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        context = context or self._template.model_max_length
        # transformers writes 1e30 where a tokenizer does not know.
        if not 1 < context < 1e9:
            raise CheckpointError(f"checkpoint {self.name!r}: {directory}/config.json lacks max_position_embeddings")
        return int(context)

    def _eos(self) -> frozenset[int]:
        ends = self._model.generation_config.eos_token_id
        ends = ends if isinstance(ends, list) else [ends]
        return frozenset(end for end in (*ends, self._template.eos_token_id) if end is not None)

    def _sampling(self) -> Sampling:
        """generation_config.json's wish: greedy, unless it says do_sample."""
        wish = self._model.generation_config
        temperature = 1.0 if wish.temperature is None else wish.temperature
        return Sampling(
            temperature=temperature if wish.do_sample else 0.0,
            top_p=1.0 if wish.top_p is None else wish.top_p,
            top_k=wish.top_k or 0,
        )

    @torch.inference_mode()
    def _check_generates(self, directory: Path) -> None:
        """One prompt and one more token, so that a model which cannot be served is found before the first request."""
        with _Loading(self.name, directory, "its chat template"):
            ids = self.encode([Turn("user", "?")])
        with _Loading(self.name, directory, "config.json (only models that keep keys and values can be served)"):
            cache = DynamicCache()
            for new in (ids, ids[:1]):
                self.forward(torch.tensor([new], device=self.device), cache)
            whole = cache.get_seq_length() == len(ids) + 1
            if not whole or any(not isinstance(layer, DynamicLayer) or layer.keys is None for layer in cache.layers):
                raise ValueError("a layer keeps something else")


class _Loading:
    """Tells every failure of the libraries that load a checkpoint as one CheckpointError that names the file.

    They raise whatever they like: OSError, ValueError, KeyError, RuntimeError, and tokenizers a bare Exception, which
    is why this does not list them.
    """

    def __init__(self, name: str, directory: Path, what: str) -> None:
        self._failure = f"checkpoint {name!r}: {what} in {directory} cannot be used"

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, Exception):
            first_line = str(error).strip().partition("\n")[0]
            raise CheckpointError(f"{self._failure}: {type(error).__name__}: {first_line}") from error
