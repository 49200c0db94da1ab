"""Random graphs, a few of the many that the benchmark walks: the check and plain Keras agree, and nothing is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.graphs import disagreement, random_case, reopened


@settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.integers(10_000, 10**9))
def test_that_the_check_agrees_with_keras_on_any_graph(seed: int) -> None:
    assert disagreement(*random_case(random.Random(seed))) == ""


@pytest.mark.parametrize("seed", range(5))
def test_that_a_graph_is_the_same_saved_and_opened(tmp_path: Path, seed: int) -> None:
    assert reopened(*random_case(random.Random(seed)), tmp_path / "project")
