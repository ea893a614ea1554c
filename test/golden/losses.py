"""Writes losses.json: values and gradients of every loss and option, by PyTorch's autograd in float64.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 keras==3.15.1 tensorflow-cpu==2.21.0
    venv/bin/python test/golden/losses.py

Keras' bare loss functions, on TensorFlow, must give the same values. (On PyTorch and JAX, Keras divides the
probabilities of the sparse loss by their sum before it clips them, not after; the values differ near 0 and 1.)

Random inputs are multiples of 1/256, so that float32 holds them exactly.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import torch

keras.config.set_floatx("float64")
EPSILON = 1e-7
ROWS, SIZE = 4, 5


def sparse(p, y):
    c = torch.clamp(p, EPSILON, 1 - EPSILON)
    return -torch.log(c[torch.arange(len(y)), y] / c.sum(1))


def sparse_logits(x, y):
    return -torch.log_softmax(x, 1)[torch.arange(len(y)), y]


def categorical(p, t):
    return -(t * torch.log(torch.clamp(p / p.sum(1, keepdim=True), EPSILON, 1 - EPSILON))).sum(1)


def categorical_logits(x, t):
    return -(t * torch.log_softmax(x, 1)).sum(1)


def binary(p, t):
    c = torch.clamp(p, EPSILON, 1 - EPSILON)
    return -(t * torch.log(c) + (1 - t) * torch.log(1 - c)).mean(1)


def binary_logits(x, t):
    # PyTorch's own function, since autograd takes a one-sided slope of max(x, 0) and |x| at 0.
    return torch.nn.functional.binary_cross_entropy_with_logits(x, t, reduction="none").mean(1)


def squared(p, t):
    return ((p - t) ** 2).mean(1)


rng = np.random.default_rng(20)
sigmoids = rng.integers(3, 254, (ROWS, SIZE)) / 256
saturated = np.array([[1, 1, 0, 1, 0.5], [0, 0, 1, 0, 0], [1e-12, 0.3, 1 - 1e-9, 2e-7, 1], [1, 1, 1, 1, 1]])
logits = rng.integers(-1024, 1024, (ROWS, SIZE)) / 256
large_logits = np.array([[700, -700, 0, 1, 2], [-90, -90, -90, -89, -90], [0, 0, 0, 0, 0], [1e4, 1e4, 0, 5, -1e4]])
classes = np.array([3, 0, 4, 2])
one_hot = np.eye(SIZE)[classes]
soft = rng.multinomial(256, rng.dirichlet(np.ones(SIZE), ROWS)) / 256
any_sum = rng.integers(0, 257, (ROWS, SIZE)) / 256
yes_no = np.array([[1, 0, 1, 0, 1], [0, 0, 1, 1, 0], [1, 1, 1, 0, 0], [0, 1, 0, 1, 0]], float)

probabilities, any_value = {"sigmoids": sigmoids, "saturated": saturated}, {"logits": logits, "large logits": large_logits}
distributions = {"one-hot": one_hot, "soft": soft, "any sum": any_sum}
answers = {"yes or no": yes_no, "between": any_sum}
k = keras.losses
CASES = [
    ("sparseCategoricalCrossentropy", False, sparse, k.sparse_categorical_crossentropy, probabilities, {"classes": classes}),
    ("sparseCategoricalCrossentropy", True, sparse_logits, k.sparse_categorical_crossentropy, any_value, {"classes": classes}),
    ("categoricalCrossentropy", False, categorical, k.categorical_crossentropy, probabilities, distributions),
    ("categoricalCrossentropy", True, categorical_logits, k.categorical_crossentropy, any_value, distributions),
    ("binaryCrossentropy", False, binary, k.binary_crossentropy, probabilities, answers),
    ("binaryCrossentropy", True, binary_logits, k.binary_crossentropy, any_value, answers),
    ("meanSquaredError", None, squared, k.mean_squared_error, any_value, {"soft": soft}),
]

golden = []
for name, from_logits, formula, keras_loss, outputs, targets in CASES:
    for output_name, output in outputs.items():
        for target_name, target in targets.items():
            x = torch.tensor(output, requires_grad=True)
            loss = formula(x, torch.tensor(target))
            loss.sum().backward()
            options = {} if from_logits is None else {"from_logits": from_logits}
            of_keras = keras.ops.convert_to_numpy(keras_loss(target, output, **options))
            what = f"{name}, {options}, {output_name}, {target_name}"
            np.testing.assert_allclose(of_keras, loss.detach(), rtol=1e-9, atol=1e-12, err_msg=what)
            golden.append(
                {
                    "loss": name,
                    "options": {} if from_logits is None else {"fromLogits": from_logits},
                    "outputs": output_name,
                    "targets": target_name,
                    "size": SIZE,
                    "output": output.ravel().tolist(),
                    "target": target.ravel().tolist(),
                    "value": loss.tolist(),
                    "gradient": x.grad.ravel().tolist(),
                }
            )

lines = ",\n".join(json.dumps(case) for case in golden)
Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
