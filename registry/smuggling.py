"""What runs of hidden characters spell, for those who have to judge them.

 * A tag character is an ASCII character, 0xE0000 further up.
 * A variation selector is a byte: the first sixteen are 0 to 15, the rest go on from
   16.  The bytes are UTF-8.
 * Two characters without width are the two binary digits, eight to a byte; which of
   them is the one, is tried.

What comes out as no readable text is told as nothing: then there is none, or it is
spelled in another way.
"""

from placet.guardrails import hidden_text

MIN_LETTERS = 3

_FIRST, _LAST_OF_FIRST = 0xFE00, 0xFE0F
_SECOND = 0xE0100
_BITS = 8


def spelled(run: str, of_class: str) -> str:
    """What a run of hidden characters of one class says, if it says something."""
    if of_class == "tag_chars":
        return hidden_text.decode(run)
    if of_class == "variation_selectors":
        return readable(bytes(map(_byte, run)))
    if of_class == "zero_width":
        return _of_two(run)
    return ""


def readable(data: bytes) -> str:
    """*data* as text, if people could read it as that; otherwise nothing."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    shown = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    letters = sum(char.isalpha() for char in shown)
    if letters < MIN_LETTERS or not shown.isprintable():
        return ""
    worded = sum(char.isalnum() or char in " .,:;!?'\"-_/" for char in shown)
    return text if worded * 10 >= len(text) * 8 else ""


def _byte(selector: str) -> int:
    number = ord(selector)
    if _FIRST <= number <= _LAST_OF_FIRST:
        return number - _FIRST
    return number - _SECOND + 16 if number >= _SECOND else 0


def _of_two(run: str) -> str:
    digits = sorted(set(run))
    if len(digits) != 2 or len(run) % _BITS:
        return ""
    for one in reversed(digits):
        number = int("".join("1" if char == one else "0" for char in run), 2)
        if text := readable(number.to_bytes(len(run) // _BITS, "big")):
            return text
    return ""
