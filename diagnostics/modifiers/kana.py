"""Which characters are kana. The long vowel mark ー is of neither kind, as in both."""

NEUTRAL = "ーｰ"


def is_hiragana(char: str) -> bool:
    """Whether a character is hiragana."""
    return "ぁ" <= char <= "ゖ" or char in "ゝゞゟ"


def is_katakana(char: str) -> bool:
    """Whether a character is katakana, full or half width."""
    return "ァ" <= char <= "ヺ" or char in "ヽヾヿ" or "ㇰ" <= char <= "ㇿ" or ("ｦ" <= char <= "ﾟ" and char != "ｰ")
