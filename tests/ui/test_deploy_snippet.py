"""The code that uses an export, where it answers several targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.pages.deploy_facts import ExportFacts
from ui.pages.deploy_snippet import Sample, python_code
from workbench.catalog.formats import format_spec


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (
            "saved_model",
            [
                'print(answer["value"].numpy())',
                'print(answer["sex_label"].numpy()[0].decode(), float(answer["sex_confidence"][0]))',
                'print(answer["shell_size_value"].numpy())',
            ],
        ),
        (
            "keras",
            [
                'print(answer["value"])',
                "sex_classes = ['F', 'I', 'M']",
                'print(sex_classes[answer["sex_probabilities"][0].argmax()])',
                'print(answer["shell_size_value"])',
            ],
        ),
    ],
)
def test_that_the_code_tells_the_answer_to_every_target(form: str, told: list[str]) -> None:
    spec = format_spec(form)
    assert spec is not None
    facts = ExportFacts(
        path=Path("/out"),
        manifest=Path("/out/manifest.json"),
        form=spec,
        run="run-001",
        created="",
        max_abs_diff=0.0,
        label_agreement=1.0,
        samples=9,
        size=1,
        kind="table",
        task="regression",
        columns={"a": "a"},
        further=(("sex_", ("F", "I", "M")), ("shell_size_", ())),
    )
    code = python_code(facts, Sample("picture.png", {"a": 1.5}))
    compile(code, "snippet", "exec")
    assert code.splitlines()[-len(told) :] == told
