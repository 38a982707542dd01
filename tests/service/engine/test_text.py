from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from service.engine.text import Detokenizer, StopStrings

BROKEN = "\N{REPLACEMENT CHARACTER}"


def bytes_tokenizer() -> Tokenizer:
    """One token a byte, as GPT-2's alphabet writes them."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={char: index for index, char in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def fallback_tokenizer() -> Tokenizer:
    """Words with their space in front, and a token for each byte: Llama 2's way."""
    words = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁hallo", "▁мир", "a", "▁", "世"]
    vocab = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[], byte_fallback=True, unk_token="<unk>"))
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer


def stream(tokenizer: Tokenizer, tokens: list[int]) -> list[str]:
    detokenizer = Detokenizer(tokenizer)
    return [*(detokenizer.step(token) for token in tokens), detokenizer.flush()]


@given(st.text())
def test_every_text_comes_back_and_no_piece_has_half_a_character(text: str) -> None:
    tokenizer = bytes_tokenizer()
    pieces = stream(tokenizer, tokenizer.encode(text).ids)
    assert "".join(pieces) == text.rstrip(BROKEN) or text.endswith(BROKEN)
    assert BROKEN in text or not any(BROKEN in piece for piece in pieces)


def test_a_text_is_shown_as_soon_as_its_character_is_whole() -> None:
    tokenizer = bytes_tokenizer()
    assert stream(tokenizer, tokenizer.encode("aé世🦷").ids) == ["a", "", "é", "", "", "世", "", "", "", "🦷", ""]


def test_the_character_that_the_end_cuts_is_left_out() -> None:
    tokenizer = bytes_tokenizer()
    assert "".join(stream(tokenizer, tokenizer.encode("né🦷").ids[:-1])) == "né"


@pytest.mark.parametrize("seed", range(40))
def test_bytes_that_are_not_utf8_read_as_the_whole_reply_would(seed: int) -> None:
    tokenizer, random = bytes_tokenizer(), Random(seed)
    tokens = [random.randrange(256) for _ in range(200)]
    assert "".join(stream(tokenizer, tokens)).rstrip(BROKEN) == tokenizer.decode(tokens).rstrip(BROKEN)


def test_words_keep_their_spaces() -> None:
    tokenizer = fallback_tokenizer()
    tokens = [tokenizer.token_to_id(token) for token in ("▁hallo", "▁мир", "<0xE4>", "<0xB8>", "<0x96>", "▁", "a")]
    assert stream(tokenizer, tokens) == ["hallo", " мир", "", "", "世", " ", "a", ""]


@pytest.mark.parametrize("seed", range(40))
def test_broken_byte_fallback_never_ends_a_reply(seed: int) -> None:
    tokenizer, random = fallback_tokenizer(), Random(seed)
    assert "".join(stream(tokenizer, [random.randrange(tokenizer.get_vocab_size()) for _ in range(200)]))


def fed(stops: list[str], pieces: list[str]) -> tuple[str, bool]:
    scanner, shown = StopStrings(stops), ""
    for piece in pieces:
        safe, found = scanner.feed(piece)
        shown += safe
        if found:
            return shown, True
    return shown + scanner.flush(), False


def first_stop(stops: list[str], text: str) -> tuple[str, bool]:
    """The same, said plainly: at the first character that completes one, the longest that it completes."""
    for end in range(len(text) + 1):
        completed = [stop for stop in stops if text[:end].endswith(stop)]
        if completed:
            return text[: end - max(map(len, completed))], True
    return text, False


@given(
    st.lists(st.text("ab", min_size=1, max_size=5), max_size=4),
    st.lists(st.text("ab", max_size=4), max_size=12),
)
def test_stop_strings_are_found_however_the_text_is_cut(stops: list[str], pieces: list[str]) -> None:
    assert fed(stops, pieces) == first_stop(stops, "".join(pieces))


@pytest.mark.parametrize(
    ("stops", "pieces", "shown"),
    [
        (["END"], ["so E", "N", "D and"], "so "),
        (["aab"], ["aa", "ab"], "a"),
        (["b", "abc"], ["ab"], "a"),
        (["🦷"], ["Zahn🦷weh"], "Zahn"),
        ([], ["all ", "of it"], "all of it"),
        (["END"], ["E", "N"], "EN"),
        (["END"], ["end", "ENd"], "endENd"),
    ],
)
def test_stop_strings(stops: list[str], pieces: list[str], shown: str) -> None:
    assert fed(stops, pieces)[0] == shown


def test_what_cannot_be_a_stop_string_is_not_held_back() -> None:
    scanner = StopStrings(["\n\n", "END"])
    assert [scanner.feed(piece)[0] for piece in ("one", "\n", "two", " EN", "T")] == ["one", "", "\ntwo", " ", "ENT"]
