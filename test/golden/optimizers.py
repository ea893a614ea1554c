"""Writes optimizers.json: five steps of every optimiser and option, by Keras itself in float64.

    python3 -m venv venv && venv/bin/pip install keras==3.15.1 torch==2.13.0
    venv/bin/python test/golden/optimizers.py

Weights and gradients are multiples of 1/64, so that float32 holds them exactly. One weight's gradient is always 0, and
another's is 0 at first. Where `learningRates` is given, the learning rate is assigned before each step.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

keras.config.set_floatx("float64")
STEPS, N = 5, 6

rng = np.random.default_rng(8)
start = rng.integers(-96, 97, N) / 64
gradients = rng.integers(-96, 97, (STEPS, N)) / 64
gradients[:, 2] = 0
gradients[:2, 4] = 0

ADAM = {"learningRate": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon"}
SGD = {"learningRate": "learning_rate", "momentum": "momentum", "nesterov": "nesterov"}
CASES = [
    ("adam", keras.optimizers.Adam, ADAM, {}, None),
    ("adam", keras.optimizers.Adam, ADAM, {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.97, "epsilon": 0.01}, None),
    ("adam", keras.optimizers.Adam, ADAM, {}, [0.1, 0.1, 0.02, 0.02, 0.004]),
    ("sgd", keras.optimizers.SGD, SGD, {}, None),
    ("sgd", keras.optimizers.SGD, SGD, {"learningRate": 0.1, "momentum": 0.9}, None),
    ("sgd", keras.optimizers.SGD, SGD, {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, None),
    ("sgd", keras.optimizers.SGD, SGD, {"momentum": 0.5}, [0.1, 0.1, 0.02, 0.02, 0.004]),
]

golden = []
for name, make, spelling, options, rates in CASES:
    optimizer = make(**{spelling[option]: value for option, value in options.items()})
    weights = keras.Variable(start)
    after = []
    for step in range(STEPS):
        if rates:
            optimizer.learning_rate = rates[step]
        optimizer.apply([keras.ops.convert_to_tensor(gradients[step])], [weights])
        after.append(keras.ops.convert_to_numpy(weights).tolist())
    golden.append({"optimizer": name, "options": options, "learningRates": rates, "after": after})

data = {"start": start.tolist(), "gradients": gradients.tolist()}
lines = ",\n".join(json.dumps(case) for case in golden)
Path(__file__).with_suffix(".json").write_text(f'{json.dumps(data)[:-1]},\n"cases": [\n{lines}\n]}}\n')
