"""One file in, documents out: which reader reads which format."""

from registry.imports import (
    dotprompt,
    litellm,
    litellm_patterns,
    litellm_proxy,
    nemo,
    plain,
    prompt_yml,
    prompty,
    skprompt,
    words,
)
from registry.imports.results import Asked, Format, Imported, Notes, Reader
from registry.imports.sources import decoded

READERS: dict[Format, Reader] = {
    Format.DOTPROMPT: dotprompt.read,
    Format.PROMPTY: prompty.read,
    Format.PROMPT_YML: prompt_yml.read,
    Format.SKPROMPT: skprompt.read,
    Format.JINJA: plain.read_jinja,
    Format.TEXT: plain.read_text,
    Format.LITELLM_CATEGORY: litellm.read,
    Format.LITELLM_PATTERNS: litellm_patterns.read,
    Format.LITELLM_PROXY: litellm_proxy.read,
    Format.NEMO: nemo.read,
    Format.WORDS: words.read,
}


def read(data: bytes, asked: Asked, format: Format) -> Imported:
    """Read a file.

    Raises:
        Invalid: It cannot be read, or not without changing what it means.
        TooLarge: It has more than 256 KiB.
    """
    notes = Notes()
    documents = READERS[format](decoded(data, notes), asked, notes)
    return Imported(format=format, documents=documents, leftovers=notes.leftovers)
