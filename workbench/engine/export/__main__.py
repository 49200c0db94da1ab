"""`python -m workbench.engine.export JOB`: JSON lines on standard output; ends when its input closes."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from workbench.core.errors import WorkbenchError
from workbench.core.jsonable import jsonable


def main(path: str) -> int:
    """Carry out the job in a file."""
    # Whoever ordered the export holds the other end: when that process dies, this one has nobody to work for.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from workbench.engine.export.build import Job, build

    job = Job.model_validate_json(Path(path).read_text(encoding="utf-8"))
    try:
        answer = build(job, lambda fraction, words: _say({"progress": fraction, "words": words}))
    except WorkbenchError as error:
        _say({"error": error.to_json(), "kind": type(error).__name__})
        return 1
    _say(answer)
    return 0


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(jsonable(message), allow_nan=False), flush=True)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
