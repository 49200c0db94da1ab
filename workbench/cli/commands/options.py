"""Arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with JSON on stdout, for programs.")]
Run = Annotated[str | None, typer.Option("--run", metavar="RUN", help="The run; the newest with a model if not named.")]
