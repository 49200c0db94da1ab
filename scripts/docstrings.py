"""Keras's docstrings as plain sentences, by section."""

from __future__ import annotations

import inspect
import re
import textwrap


def sections(doc: str) -> tuple[str, dict[str, str]]:
    """A docstring's description, and what it says of each argument."""
    text = inspect.cleandoc(doc or "")
    parts = re.split(r"^(Args|Arguments|Parameters):\s*$", text, maxsplit=1, flags=re.MULTILINE)
    body = re.split(
        r"^(Examples?|Input shape|Output shape|Call arguments|Raises|References?|Attributes|Usage|Output|Returns|"
        r"\*\*Note[^\n]*|If you|Example usage)\b.*?:\s*$",
        parts[0],
        maxsplit=1,
        flags=re.MULTILINE,
    )[0]
    if len(parts) == 1:
        return body, {}
    block = re.split(r"^\S", parts[2], maxsplit=1, flags=re.MULTILINE)[0]
    block = textwrap.dedent(block.strip("\n"))
    pieces = re.split(r"^`?(\*{0,2}[A-Za-z_]\w*)`?:[ \n]", block, flags=re.MULTILINE)
    return body, {pieces[place]: pieces[place + 1] for place in range(1, len(pieces) - 1, 2)}


def plain(text: str) -> str:
    """Docstring markup as plain sentences; code examples are left out."""
    text = re.sub(r"```.*?(```|\Z)", "", text, flags=re.DOTALL)
    text = re.sub(r"^\s*(>>>|\.\.\.).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]+)\]\(\s*https?://[^)]+\)", r"\1", text)
    text = text.replace("``", "`").replace("`", "").replace("**", "").replace("keras.layers.", "")
    paragraphs = [re.sub(r"\s+", " ", part).strip() for part in re.split(r"\n\s*\n", text)]
    return "\n\n".join(part for part in paragraphs if part and not re.fullmatch(r"(Formula|Example|Note)s?:", part))
