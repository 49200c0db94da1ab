"""The `workbench` command: reads the words, runs the command, and turns every error into words and an exit status."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from typing import Annotated

import typer

from workbench import __version__
from workbench.cli import display, logs, output
from workbench.cli.commands import (
    attach,
    check,
    code,
    compare,
    data,
    evaluate,
    export,
    import_model,
    new,
    runs,
    train,
    trying,
)
from workbench.cli.commands import doctor as doctor_command
from workbench.core.errors import Cancelled, UsageError, WorkbenchError

log = logging.getLogger(__name__)

app = typer.Typer(
    name="workbench",
    help="Build, train, understand and export neural networks. Without a command it opens the window.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("new")(new.new)
app.command("import")(import_model.import_)
app.command("datasets")(data.datasets)
app.command("presets")(data.presets)
app.command("layers")(data.layers)
app.command("catalog")(data.objects)
app.command("check")(check.check)
app.command("code")(code.code)
app.command("preflight")(trying.preflight)
app.command("lr-test")(trying.lr_test)
app.command("batch-test")(trying.batch_test)
app.command("train")(train.train)
app.command("attach")(attach.attach)
app.command("stop")(attach.stop)
app.command("evaluate")(evaluate.evaluate)
app.command("runs")(runs.runs)
app.command("run")(runs.run)
app.command("compare")(compare.compare)
app.command("export")(export.export)
app.command("predict")(export.predict)
app.command("doctor")(doctor_command.doctor)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        output.answer(f"keras-workbench {__version__}")
        raise typer.Exit(0)
    if context.invoked_subcommand is None:
        raise typer.Exit(display.open_window([]))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after the program's name; those of the process when None.

    Returns:
        0 done, 1 the work failed or a check did not hold, 2 bad usage.
    """
    words = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in words
    logs.start()
    # Warnings of libraries are for their developers; ours are events and problems.
    warnings.simplefilter("ignore")
    try:
        return int(app(args=words, prog_name="workbench", standalone_mode=False) or 0)
    except typer.TyperException as problem:
        return _fail(_usage(problem, words), as_json)
    except WorkbenchError as error:
        return _fail(error, as_json)
    except (Cancelled, KeyboardInterrupt, typer.Abort):
        return _fail(WorkbenchError("The command was stopped.", "", "Start it again when you like."), as_json)
    except BrokenPipeError:
        # Who read our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        log.exception("Unexpected failure of: workbench %s", " ".join(words))
        where = f"The details are in {logs.path()}."
        return _fail(
            WorkbenchError("Something went wrong inside the program.", f"{type(error).__name__}: {error}", where),
            as_json,
        )


def _usage(problem: typer.TyperException, words: list[str]) -> UsageError:
    message = problem.format_message() if hasattr(problem, "format_message") else str(problem)
    command = next((word for word in words if not word.startswith("-")), "")
    known = command in {info.name for info in app.registered_commands}
    return UsageError(
        message, " ".join(["workbench", *words]), f"See: workbench {command + ' ' if known else ''}--help"
    )


def _fail(error: WorkbenchError, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps({"error": error.to_json()}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    output.say(str(error))
    return 2 if isinstance(error, UsageError) else 1
