"""What Keras does not say about its losses and metrics: which answers each fits, when to take it, why some are not."""

from __future__ import annotations

from typing import Any

# What answers a loss or metric compares, best first:
# numbers: one output a class, targets are class numbers; one_hot: the same, targets are one number a class;
# second: one output, the probability of the second of two classes; value: one value, as the network learns it
# (standardised); own_unit: one value, in the target's own unit.
Entry = tuple[str, str, tuple[str, ...]]

LOSSES: dict[str, Entry] = {
    "SparseCategoricalCrossentropy": (
        "Cross-entropy",
        "The usual choice for classes: the less probability the right class got, the higher the loss.",
        ("numbers",),
    ),
    "CategoricalCrossentropy": (
        "Cross-entropy, one-hot",
        "The same figure, computed from one number a class; can smooth the labels.",
        ("one_hot",),
    ),
    "CategoricalFocalCrossentropy": (
        "Focal cross-entropy",
        "Pays more heed to samples that are still wrong; helps when some classes are rare.",
        ("one_hot",),
    ),
    "CategoricalGeneralizedCrossEntropy": (
        "Generalised cross-entropy",
        "For labels of which some are wrong: between cross-entropy and the plain error.",
        ("numbers",),
    ),
    "KLDivergence": (
        "Kullback-Leibler divergence",
        "How far the probabilities are from the right ones.",
        ("one_hot",),
    ),
    "CategoricalHinge": (
        "Categorical hinge",
        "Content once the right class is ahead of every other by a margin.",
        ("one_hot",),
    ),
    "Dice": (
        "Dice",
        "The overlap of answers and truth over a batch, as the F1 score measures it: for rare classes.",
        ("one_hot",),
    ),
    "Tversky": (
        "Tversky",
        "Dice with a say in whether misses or false alarms weigh more.",
        ("one_hot",),
    ),
    "CosineSimilarity": (
        "Cosine similarity",
        "The angle between the probabilities and the right ones; it falls to -1.",
        ("one_hot",),
    ),
    "Poisson": (
        "Poisson",
        "For classes: the likelihood of counts, near to cross-entropy.",
        ("one_hot",),
    ),
    "BinaryCrossentropy": (
        "Binary cross-entropy",
        "For two classes: one output that is the probability of the second class.",
        ("second",),
    ),
    "BinaryFocalCrossentropy": (
        "Binary focal cross-entropy",
        "For two classes of which one is rare: one output, with more heed to samples that are still wrong.",
        ("second",),
    ),
    "Hinge": (
        "Hinge",
        "For two classes and one output: grows evenly with the probability on the wrong side.",
        ("second",),
    ),
    "SquaredHinge": (
        "Squared hinge",
        "For two classes and one output: like hinge, with large errors weighing more.",
        ("second",),
    ),
    "MeanSquaredError": (
        "Mean squared error",
        "The usual choice for values: large errors weigh much more than small ones. For classes it is the Brier score.",
        ("value", "one_hot"),
    ),
    "MeanAbsoluteError": (
        "Mean absolute error",
        "All errors weigh by their size; outliers matter less.",
        ("value", "one_hot"),
    ),
    "Huber": (
        "Huber",
        "Squared for small errors, absolute for large ones: steady with outliers.",
        ("value",),
    ),
    "LogCosh": ("Log-cosh", "Much like Huber, and smooth everywhere.", ("value",)),
    "MeanAbsolutePercentageError": (
        "Mean absolute percentage error",
        "Errors in percent of the value, in its own unit: only for values far from zero.",
        ("own_unit",),
    ),
    "MeanSquaredLogarithmicError": (
        "Mean squared logarithmic error",
        "Errors by ratio, in the value's own unit: for values above zero that span several sizes, such as prices.",
        ("own_unit",),
    ),
}
NO_LOSSES: dict[str, str] = {
    "Loss": "It is the base of all losses; Keras itself gives it nothing to do.",
    "CTC": "It compares sequences of labels of unlike length, a task this program does not have.",
    "Circle": "It compares embeddings of pairs of samples; the networks here put out an answer.",
}

# Class: title, what it says, whether higher is better, answers.
METRICS: dict[str, tuple[str, str, bool, tuple[str, ...]]] = {
    "SparseTopKCategoricalAccuracy": (
        "Top-5 accuracy",
        "Part of the samples whose class is among the most likely ones.",
        True,
        ("numbers",),
    ),
    "TopKCategoricalAccuracy": (
        "Top-5 accuracy",
        "Part of the samples whose class is among the most likely ones.",
        True,
        ("one_hot",),
    ),
    "BinaryAccuracy": ("Accuracy at a threshold", "Accuracy with a threshold of your own.", True, ("second",)),
    "Precision": ("Precision", "Of those told to be of a class, the part that is.", True, ("second", "one_hot")),
    "Recall": ("Recall", "Of those of a class, the part that was found.", True, ("second", "one_hot")),
    "F1Score": (
        "F1 score",
        "Precision and recall in one figure, each class counting alike: fair when some are rare.",
        True,
        ("second", "one_hot"),
    ),
    "FBetaScore": ("F-beta score", "F1 with a say in how much more recall counts.", True, ("second", "one_hot")),
    "AUC": ("AUC", "How well the classes are told apart, whatever the threshold.", True, ("second", "one_hot")),
    "TruePositives": ("True positives", "How many of the second class were found.", True, ("second",)),
    "TrueNegatives": ("True negatives", "How many of the first class were found.", True, ("second",)),
    "FalsePositives": ("False positives", "How many of the first class were taken for the second.", False, ("second",)),
    "FalseNegatives": ("False negatives", "How many of the second class were missed.", False, ("second",)),
    "PrecisionAtRecall": (
        "Precision at recall",
        "The precision where a given part of the second class is found.",
        True,
        ("second", "one_hot"),
    ),
    "RecallAtPrecision": (
        "Recall at precision",
        "The recall where a given part of what is found is right.",
        True,
        ("second", "one_hot"),
    ),
    "SensitivityAtSpecificity": (
        "Sensitivity at specificity",
        "The part of the second class found, where a given part of the first is left alone.",
        True,
        ("second", "one_hot"),
    ),
    "SpecificityAtSensitivity": (
        "Specificity at sensitivity",
        "The part of the first class left alone, where a given part of the second is found.",
        True,
        ("second", "one_hot"),
    ),
    "MeanIoU": (
        "Mean IoU",
        "Overlap of told and true class (Jaccard index), averaged over the classes.",
        True,
        ("numbers",),
    ),
    "IoU": ("IoU of classes", "The Jaccard index of the classes that you name by number.", True, ("numbers",)),
    "BinaryIoU": ("IoU", "The Jaccard index of two classes, averaged.", True, ("second",)),
    "SparseCategoricalCrossentropy": (
        "Cross-entropy",
        "The usual loss, as a figure beside another loss.",
        False,
        ("numbers",),
    ),
    "CategoricalCrossentropy": (
        "Cross-entropy, one-hot",
        "The same figure, computed from one number a class.",
        False,
        ("one_hot",),
    ),
    "BinaryCrossentropy": ("Binary cross-entropy", "The usual loss of one output.", False, ("second",)),
    "KLDivergence": (
        "Kullback-Leibler divergence",
        "How far probabilities are from the right ones.",
        False,
        ("one_hot",),
    ),
    "CategoricalHinge": ("Categorical hinge", "Misses of a margin between the classes.", False, ("one_hot",)),
    "Hinge": ("Hinge", "How far answers are on the wrong side.", False, ("second",)),
    "SquaredHinge": ("Squared hinge", "How far answers are on the wrong side, squared.", False, ("second",)),
    "CosineSimilarity": (
        "Cosine similarity",
        "1 where the probabilities point where they should.",
        True,
        ("one_hot",),
    ),
    "Poisson": ("Poisson", "The likelihood of counts.", False, ("one_hot",)),
    "MeanAbsoluteError": ("Mean absolute error", "The average error, in the target's unit.", False, ("own_unit",)),
    "RootMeanSquaredError": (
        "Root mean squared error",
        "The typical error with large ones weighing more, in the target's unit.",
        False,
        ("own_unit",),
    ),
    "R2Score": (
        "R²",
        "The part of the spread that is explained: 1 is perfect, 0 is no better than the mean.",
        True,
        ("own_unit",),
    ),
    "MeanSquaredError": (
        "Mean squared error",
        "For values: the average squared error, in the target's unit squared. For classes: the Brier score.",
        False,
        ("own_unit", "second", "one_hot"),
    ),
    "MeanAbsolutePercentageError": (
        "Mean absolute percentage error",
        "The average error in percent of the value; only for values far from zero.",
        False,
        ("own_unit",),
    ),
    "MeanSquaredLogarithmicError": (
        "Mean squared logarithmic error",
        "Errors by ratio, for values above zero.",
        False,
        ("own_unit",),
    ),
    "LogCoshError": ("Log-cosh", "Squared for small errors, absolute for large ones.", False, ("own_unit",)),
}
_ACCURACY = "The metric 'accuracy' is it: it takes the form that fits the targets."
_BY_BATCH = "Keras takes it of each batch and averages, so it depends on the batch size; R² does not."
NO_METRICS: dict[str, str] = {
    "Metric": "It is the base of all metrics; Keras itself gives it nothing to do.",
    "Mean": "It averages a number and compares nothing.",
    "Sum": "It adds a number up and compares nothing.",
    "MeanMetricWrapper": "It makes a metric of a function, which is code.",
    "Accuracy": "It compares numbers that must be equal; the metric 'accuracy' compares classes.",
    "CategoricalAccuracy": _ACCURACY,
    "SparseCategoricalAccuracy": _ACCURACY,
    "OneHotIoU": "The metric 'iou' is it, whatever the targets' form.",
    "OneHotMeanIoU": "The metric 'mean_iou' is it, whatever the targets' form.",
    "PearsonCorrelation": _BY_BATCH,
    "ConcordanceCorrelation": _BY_BATCH,
}

# Settings that the task decides.
DECIDED = {
    "name",
    "dtype",
    "reduction",
    "axis",
    "from_logits",
    "num_classes",
    "num_labels",
    "label_weights",
    "multi_label",
    "sparse_y_true",
    "sparse_y_pred",
    "remove_diagonal",
    "num_regressors",
    "class_aggregation",
    "from_sorted_ids",
    "apply_class_balancing",
    "class_id",
    "top_k",
}
_SHARE: dict[str, Any] = {"kind": "number", "minimum": 0, "maximum": 1}
_POINT: dict[str, Any] = {"kind": "number", "minimum": 0, "maximum": 1, "suggest": 0.5}

PARAMS: dict[str, dict[str, Any]] = {
    "label_smoothing": {
        **_SHARE,
        "doc": "Takes so much from the right class and spreads it over all: answers become less sure of themselves.",
    },
    "alpha": {"kind": "number", "minimum": 0},
    "beta": {"kind": "number", "minimum": 0},
    "gamma": {
        "kind": "number",
        "minimum": 0,
        "doc": "How much less samples count that are right already; 0 makes it plain cross-entropy.",
    },
    "q": {
        "kind": "number",
        "minimum": 0,
        "maximum": 1,
        "exclusive": True,
        "doc": "Near 0 it is cross-entropy; near 1 it hardly heeds wrong labels.",
    },
    "delta": {
        "kind": "number",
        "minimum": 0,
        "exclusive": True,
        "doc": "Errors above this count absolutely; in standard deviations of the target.",
    },
    "ignore_class": {
        "kind": "integer",
        "minimum": 0,
        "nullable": True,
        "doc": "Samples of this class, by number from 0, are left out.",
    },
    "k": {"kind": "integer", "minimum": 1, "doc": "Among how many of the most likely classes it must be."},
    "threshold": {**_SHARE, "doc": "From which probability on a class counts as told."},
    "thresholds": {
        **_SHARE,
        "nullable": True,
        "doc": "From which probability on a class counts as told. Not set: 0.5.",
    },
    "num_thresholds": {
        "kind": "integer",
        "minimum": 2,
        "maximum": 10_000,
        "advanced": True,
        "doc": "At how many thresholds it is measured.",
    },
    "curve": {"kind": "choice", "choices": ("ROC", "PR"), "doc": "ROC, or precision against recall for rare classes."},
    "summation_method": {
        "kind": "choice",
        "choices": ("interpolation", "minoring", "majoring"),
        "advanced": True,
        "doc": "How the area between two thresholds is taken.",
    },
    "average": {
        "kind": "choice",
        "choices": ("macro", "micro", "weighted"),
        "suggest": "macro",
        "doc": "macro: each class counts alike. micro: each sample. weighted: each class by how many it has.",
    },
    "recall": {**_POINT, "doc": "The recall at which it is measured."},
    "precision": {**_POINT, "doc": "The precision at which it is measured."},
    "specificity": {**_POINT, "doc": "The specificity at which it is measured."},
    "sensitivity": {**_POINT, "doc": "The sensitivity at which it is measured."},
    "target_class_ids": {
        "kind": "numbers",
        "minimum": 0,
        "suggest": 1,
        "doc": "The classes that count, by number from 0.",
    },
}
EXCEPTIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("BinaryFocalCrossentropy", "alpha"): {**_SHARE, "doc": "The weight of the second class against the first."},
    ("BinaryFocalCrossentropy", "apply_class_balancing"): {
        "kind": "boolean",
        "doc": "Weighs the two classes by alpha.",
        "shown": True,
    },
    ("CategoricalFocalCrossentropy", "alpha"): {"doc": "The weight of every class."},
    ("Tversky", "alpha"): {"doc": "How much false alarms weigh."},
    ("Tversky", "beta"): {"doc": "How much misses weigh."},
    ("FBetaScore", "beta"): {"exclusive": True, "doc": "How many times more recall counts than precision."},
    ("F1Score", "threshold"): {"hidden": True},
    ("FBetaScore", "threshold"): {"hidden": True},
    ("AUC", "thresholds"): {"hidden": True},
    ("BinaryIoU", "target_class_ids"): {"hidden": True},
}
