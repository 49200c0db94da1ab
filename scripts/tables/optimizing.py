"""What Keras does not say about its optimizers and schedules: when to take which, and their settings in plain words."""

from __future__ import annotations

from typing import Any

# Class: title, when to take it, a learning rate to begin with. In the order of the form.
OPTIMIZERS: dict[str, tuple[str, str, float]] = {
    "Adam": ("Adam", "Adapts the step to each weight. Works well almost everywhere.", 0.001),
    "AdamW": (
        "AdamW",
        "Adam that also shrinks the weights a little at each step, which often generalises better.",
        0.001,
    ),
    "SGD": (
        "SGD",
        "Plain gradient descent: simple, and needs a well chosen learning rate. With momentum 0.9 it is hard to beat "
        "on pictures.",
        0.01,
    ),
    "RMSprop": (
        "RMSprop",
        "Divides each step by the recent size of the gradient; made for recurrent nets.",
        0.001,
    ),
    "Nadam": ("Nadam", "Adam that looks one step ahead; often a little quicker at the start.", 0.001),
    "Adamax": ("Adamax", "Adam that goes by the largest recent gradient: steady for embeddings and rare words.", 0.001),
    "Adagrad": ("Adagrad", "Steps shrink where gradients were large: for sparse features.", 0.01),
    "Adadelta": ("Adadelta", "Adagrad whose steps do not die out; a learning rate of 1 is as it was published.", 1.0),
    "Adafactor": (
        "Adafactor",
        "Remembers rows and columns in place of every number: for large networks that leave little memory.",
        0.01,
    ),
    "Lion": (
        "Lion",
        "Uses only the sign of the step: half of Adam's memory; take a third of Adam's learning rate or less.",
        0.0003,
    ),
    "Lamb": ("LAMB", "Adam with a step for each layer by the size of its weights: made for very large batches.", 0.001),
    "Muon": (
        "Muon",
        "Evens out the steps of whole weight matrices: quick on transformers and other networks of large Dense layers.",
        0.001,
    ),
    "Ftrl": (
        "FTRL",
        "Drives weights to exactly zero with L1: for wide tables of sparse columns and linear models.",
        0.01,
    ),
    "ScheduleFreeAdamW": (
        "Schedule-free AdamW",
        "Averages as it goes, so that the learning rate needs no schedule: leave it constant.",
        0.0025,
    ),
}
NO_OPTIMIZERS: dict[str, str] = {
    "Optimizer": "It is the base of all optimizers; Keras itself gives it nothing to do.",
    "LossScaleOptimizer": "It wraps another one: mixed_float16 puts it around whichever is chosen.",
    "MultiOptimizer": "It needs a map from layers to optimizers, made in code; phases freeze layers in place of it.",
    "OptimizerMap": "It is a part of MultiOptimizer, not an optimizer.",
}

# Settings that the plan has for all optimizers, or that are no one's to choose.
OWNED = {
    "learning_rate",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
    "name",
    "dtype",
    "reduction",
    "axis",
    "initial_learning_rate",
    "warmup_target",
    "warmup_steps",
    "exclude_layers",
}

_KEPT: dict[str, Any] = {"kind": "number", "minimum": 0, "maximum": 1}
_SMALL: dict[str, Any] = {"kind": "number", "minimum": 0, "exclusive": True, "advanced": True}
_LEAST: dict[str, Any] = {"kind": "number", "minimum": 0}
_FIXED: dict[str, Any] = {"kind": "number", "advanced": True, "doc": "A figure of the method; leave it as it is."}
_AVERAGE = "How much of the running average of {} is kept at each step."

PARAMS: dict[str, dict[str, Any]] = {
    "beta_1": {**_KEPT, "doc": _AVERAGE.format("gradients")},
    "beta_2": {**_KEPT, "doc": _AVERAGE.format("squared gradients")},
    "adam_beta_1": {**_KEPT, "doc": "For weights that are no matrix: " + _AVERAGE.format("gradients").lower()},
    "adam_beta_2": {**_KEPT, "doc": "For weights that are no matrix: " + _AVERAGE.format("squared gradients").lower()},
    "adam_weight_decay": {**_LEAST, "nullable": True, "doc": "How fast weights that are no matrix shrink."},
    "adam_lr_ratio": {**_LEAST, "doc": "The learning rate of weights that are no matrix, as a part of the plan's."},
    "momentum": {
        **_KEPT,
        "doc": "How much of the last step carries on into the next; 0.9 smooths the way and speeds it up.",
    },
    "nesterov": {"kind": "boolean", "doc": "Looks at the gradient where momentum will lead, not where it is now."},
    "rho": {**_KEPT, "doc": _AVERAGE.format("squared gradients")},
    "centered": {"kind": "boolean", "doc": "Divides by the spread of the gradient in place of its size."},
    "amsgrad": {"kind": "boolean", "doc": "Never lets the steps grow again: steadier, sometimes slower."},
    "epsilon": {**_SMALL, "doc": "A small number that keeps from dividing by zero."},
    "epsilon_1": {**_SMALL, "doc": "A small number added to squared gradients."},
    "epsilon_2": {**_SMALL, "doc": "The smallest size of a weight that steps are measured by."},
    "beta_2_decay": {
        "kind": "number",
        "maximum": 0,
        "advanced": True,
        "doc": "How fast the memory of squared gradients lengthens; -0.8 as published.",
    },
    "clip_threshold": {**_SMALL, "doc": "The largest size of a step, beside the plan's own clipping."},
    "relative_step": {
        "kind": "boolean",
        "doc": "Lets the step shrink with the time it trained; the learning rate is then only the upper limit.",
    },
    "initial_accumulator_value": {**_LEAST, "advanced": True, "doc": "What the sums of squared gradients begin with."},
    "learning_rate_power": {
        "kind": "number",
        "maximum": 0,
        "advanced": True,
        "doc": "How the step shrinks as gradients add up; -0.5 as published.",
    },
    "l1_regularization_strength": {**_LEAST, "doc": "How strongly weights are driven to exactly zero."},
    "l2_regularization_strength": {**_LEAST, "doc": "How strongly weights are kept small."},
    "l2_shrinkage_regularization_strength": {**_LEAST, "doc": "How strongly weights are kept small by the gradient."},
    "beta": {**_LEAST, "advanced": True, "doc": "A number added to the root of the summed gradients."},
    "exclude_embeddings": {"kind": "boolean", "advanced": True, "doc": "Trains embeddings by AdamW."},
    "muon_a": _FIXED,
    "muon_b": _FIXED,
    "muon_c": _FIXED,
    "ns_steps": {
        "kind": "integer",
        "minimum": 1,
        "maximum": 20,
        "advanced": True,
        "doc": "In how many rounds a step is evened out.",
    },
    "rms_rate": {
        **_LEAST,
        "nullable": True,
        "advanced": True,
        "doc": "Sizes steps as Adam's are, so that Adam's learning rate fits (Liu et al. 2025). Not set: as they come.",
    },
    # Schedules
    "alpha": {**_KEPT, "label": "Lowest part", "doc": "The lowest rate, as a part of the learning rate."},
    "t_mul": {
        "kind": "number",
        "minimum": 1,
        "label": "Longer by",
        "doc": "How much longer each round is than the one before.",
    },
    "m_mul": {
        **_KEPT,
        "exclusive": True,
        "label": "Lower by",
        "doc": "The height of each round, as a part of the one before.",
    },
    "staircase": {"kind": "boolean", "doc": "Falls in steps, one a length, in place of evenly."},
    "power": {"kind": "number", "minimum": 0, "exclusive": True, "doc": "1 falls on a straight line, 2 first fast."},
    "cycle": {"kind": "boolean", "doc": "Rises again after the length and falls once more, more slowly each time."},
    "end_learning_rate": {**_LEAST, "label": "Last rate", "doc": "The learning rate at the end of the length."},
    "decay_rate": {"kind": "number", "label": "Decay", "minimum": 0, "exclusive": True},
}

_LENGTH: dict[str, Any] = {
    "name": "decay_epochs",
    "label": "Length",
    "kind": "number",
    "minimum": 0,
    "exclusive": True,
    "nullable": True,
    "unit": "epochs",
}
_WHOLE = "How long it lasts. Not set: the whole run, warm-up apart."

# Class: title, when to take it, and what differs by parameter; `None` leaves one out.
SCHEDULES: dict[str, tuple[str, str, dict[str, dict[str, Any]]]] = {
    "CosineDecay": (
        "Cosine",
        "Falls along half a cosine to near zero: the usual choice for a run of known length (Loshchilov and Hutter "
        "2017).",
        {"decay_steps": {**_LENGTH, "doc": _WHOLE}},
    ),
    "CosineDecayRestarts": (
        "Cosine with restarts",
        "Falls and starts anew from the top, several times; each low point is a model worth keeping.",
        {
            "first_decay_steps": {
                **_LENGTH,
                "name": "first_decay_epochs",
                "label": "First round",
                "doc": "How long the first round lasts. Not set: so that three rounds fill the run.",
            }
        },
    ),
    "ExponentialDecay": (
        "Exponential",
        "Falls by the same factor again and again: fast at first, then slower.",
        {
            "decay_steps": {
                **_LENGTH,
                "name": "decay_epochs",
                "label": "Length",
                "doc": "In how long it falls by the factor. " + _WHOLE,
            },
            "decay_rate": {"maximum": 1, "default": 0.1, "doc": "The factor: what is left of the rate each time."},
        },
    ),
    "InverseTimeDecay": (
        "Inverse time",
        "Falls as one over the time: halved, then a third, then a quarter.",
        {
            "decay_steps": {
                **_LENGTH,
                "name": "decay_epochs",
                "label": "Length",
                "doc": "The length that counts as one. " + _WHOLE,
            },
            "decay_rate": {"default": 1.0, "doc": "How fast: with 1 the rate is halved after one length."},
        },
    ),
    "PiecewiseConstantDecay": (
        "Steps",
        "Stays the same and falls at epochs that you name: the classic for pictures, a tenth at half the run.",
        {
            "boundaries": {
                "kind": "numbers",
                "minimum": 0,
                "exclusive": True,
                "nullable": True,
                "unit": "epochs",
                "doc": "After which epochs it changes, such as 10, 15. Not set: after half the run.",
            },
            "values": {
                "name": "factors",
                "kind": "numbers",
                "minimum": 0,
                "exclusive": True,
                "default": 0.1,
                "doc": "What the learning rate is multiplied by at each of them: one number for all, or one for each.",
            },
        },
    ),
    "PolynomialDecay": (
        "Polynomial",
        "Falls on a straight line, or along a power, to a rate that you name.",
        {"decay_steps": {**_LENGTH, "doc": _WHOLE}},
    ),
}
NO_SCHEDULES = {"LearningRateSchedule": "It is the base of all schedules; Keras itself gives it nothing to do."}

# Every callback of Keras: which setting of the plan does its work, or why none does.
CALLBACKS: dict[str, tuple[str, str]] = {
    "EarlyStopping": ("early_stopping", "Ends the run when the validation loss no longer improves."),
    "ReduceLROnPlateau": ("reduce_on_plateau", "Lowers the learning rate when the validation loss no longer improves."),
    "ModelCheckpoint": ("checkpoints", "The best model and the newest state are always kept, others on request."),
    "BackupAndRestore": ("checkpoints", "Every run can be resumed, exactly; Keras's own is not exact."),
    "TerminateOnNaN": ("terminate_on_nan", "Ends the run when the loss or a weight is no longer a number."),
    "CSVLogger": ("logs.csv", "Writes each epoch's figures as a row."),
    "TensorBoard": ("logs.tensorboard", "Writes event files that TensorBoard opens."),
    "LearningRateScheduler": ("schedule", "The schedule does it without code."),
    "SwapEMAWeights": ("averaging", "The average takes the weights' place at the end of the run."),
    "History": ("", "Every run keeps its history."),
    "ProgbarLogger": ("", "The window and the command line show progress themselves."),
    "Callback": ("", "It is the base of all callbacks; Keras itself gives it nothing to do."),
    "CallbackList": ("", "It holds other callbacks."),
    "LambdaCallback": ("", "It runs code, which a project never holds."),
    "RemoteMonitor": ("", "It sends figures over the network, which this program never does unasked."),
    "OrbaxCheckpoint": ("checkpoints", "It needs a package for JAX; checkpoints are written without it."),
}
