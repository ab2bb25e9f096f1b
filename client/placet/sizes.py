"""How large messages are: in characters, and about how many tokens that is.

Only a model's own tokenizer knows its tokens, so their number is an estimate, the
same for every model:

 * A token for every four bytes of UTF-8, and for what is left of them. Tokenizers
   join bytes, so this holds for more scripts than a number of characters would: it
   comes to four characters of English, two of Greek or Russian, and one and a third
   of Chinese, Japanese or Hindi. OpenAI's Codex goes by the same
   (`APPROX_BYTES_PER_TOKEN`).
 * Three more for each message, for what says who speaks, and three for the beginning
   of the answer, as OpenAI's cookbook counts them ("How to count tokens with
   tiktoken").

Texts of code, numbers and rare words take more than this says, up to twice as many.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BYTES_A_TOKEN = 4
TOKENS_A_MESSAGE = 3
TOKENS_OF_AN_ANSWER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Attributes:
    characters: Of all that is said.
    estimated_tokens: About how many tokens a model reads.
    """

    characters: int
    estimated_tokens: int


def size_of(messages: Iterable[Mapping[str, object]]) -> Size:
    """The size of *messages*, such as `Prompt.render` returns."""
    characters, tokens = 0, TOKENS_OF_AN_ANSWER
    for message in messages:
        content = message.get("content", "")
        text = content if isinstance(content, str) else json.dumps(content)
        characters += len(text)
        tokens += TOKENS_A_MESSAGE + estimated_tokens(text)
    return Size(characters=characters, estimated_tokens=tokens)


def estimated_tokens(text: str) -> int:
    """About how many tokens *text* has by itself."""
    size = len(text.encode("utf-8", "surrogatepass"))
    return -(-size // BYTES_A_TOKEN)
