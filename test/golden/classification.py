"""Writes classification.json: confusion matrices and classification reports as scikit-learn makes them.

    python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1
    venv/bin/python test/golden/classification.py

Cases without `classNames` let scikit-learn list the classes that occur; the others list all of `classNames`.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn.metrics import classification_report, confusion_matrix

warnings.filterwarnings("ignore", "A single label was found")
GARMENTS = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
rng = np.random.default_rng(3)

random_true = rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 9], 60)  # no Sneaker, though some are predicted
random_pred = np.where(rng.random(60) < 0.7, random_true, rng.integers(0, 10, 60))
absent = np.array([0, 0, 2, 2, 2, 4]), np.array([0, 2, 2, 2, 4, 4])  # 1 and 3 appear nowhere
halves = np.repeat([0, 1], [8, 8]), np.array([0] * 1 + [1] * 7 + [0] * 3 + [1] * 5)  # recalls .125 and .625
wrong = np.array([0, 1, 2, 0, 1]), np.array([1, 2, 0, 2, 0])
CASES = [
    ("random", random_true, random_pred, GARMENTS, 2),
    ("random without names", random_true, random_pred, None, 4),
    ("absent classes", *absent, None, 2),
    ("absent classes with names", *absent, ["a", "b c", "d", "an exceedingly long name", "é"], 3),
    ("perfect", random_true, random_true, GARMENTS, 2),
    ("all wrong", *wrong, ["left", "right", "straight on"], 2),
    ("exactly halfway", *halves, ["few", "most"], 2),
    ("no digits", *halves, None, 0),
    ("wide", *halves, ["few", "most"], 15),
    ("one class", np.zeros(3, int), np.zeros(3, int), None, 2),
]

golden = []
for name, true, pred, names, digits in CASES:
    classes = len(names) if names else int(max(true.max(), pred.max())) + 1
    options = {"zero_division": 0}
    if names:
        options |= {"labels": range(classes), "target_names": names}
    matrix = {
        str(normalize): confusion_matrix(true, pred, labels=range(classes), normalize=normalize).ravel().tolist()
        for normalize in (None, "true", "pred", "all")
    }
    golden.append(
        {
            "name": name,
            "true": true.tolist(),
            "pred": pred.tolist(),
            "classNames": names,
            "classes": classes,
            "digits": digits,
            "matrix": matrix,
            "report": classification_report(true, pred, output_dict=True, **options),
            "text": classification_report(true, pred, digits=digits, **options),
        }
    )

lines = ",\n".join(json.dumps(case) for case in golden)
Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
