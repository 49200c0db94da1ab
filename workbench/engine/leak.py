"""Gives back the memory that TensorFlow keeps after each training."""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
from collections.abc import Iterator, MutableMapping
from typing import Any

import tensorflow as tf

log = logging.getLogger(__name__)

_lock = threading.Lock()
_active = 0
_before: frozenset[str] = frozenset()


def _registry() -> MutableMapping[str, Any] | None:
    """TensorFlow's global table of gradient functions, or None where it no longer leaks or looks otherwise."""
    # WORKAROUND: every compiled training registers custom gradients whose closures keep its whole graph and weights
    # alive (https://github.com/tensorflow/tensorflow/issues/97697); mended upstream by pull request 109334, after 2.21.
    major, minor = (int(part) for part in tf.__version__.split(".")[:2])
    if (major, minor) > (2, 21):
        return None
    try:
        from tensorflow.python.framework import ops

        registry: MutableMapping[str, Any] = ops._gradient_registry._registry
    except (ImportError, AttributeError):
        log.warning("TensorFlow %s has its gradient registry elsewhere; trainings will leak", tf.__version__)
        return None
    return registry


@contextlib.contextmanager
def purged_gradients() -> Iterator[None]:
    """Forget, on leaving, the gradient functions that were registered meanwhile.

    Trainings may overlap: what one registers, another may still be tracing, so the last to leave forgets for all.
    """
    global _active, _before
    registry = _registry()
    with _lock:
        if _active == 0 and registry is not None:
            _before = frozenset(registry)
        _active += 1
    try:
        yield
    finally:
        with _lock:
            _active -= 1
            if _active == 0 and registry is not None:
                for key in [key for key in registry if key.startswith("CustomGradient-") and key not in _before]:
                    registry.pop(key, None)
        # The young generations only: that is where a run's graphs are, and a full collection would stall a window.
        gc.collect(1)
