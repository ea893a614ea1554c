"""Writes initializers.json: limit and standard deviation of what Keras' initialisers draw.

    python3 -m venv venv && venv/bin/pip install keras==3.15.1 tensorflow-cpu==2.21.0
    venv/bin/python test/golden/initializers.py

They follow from the shape; a million draws of Keras itself must agree.
"""

import json
from pathlib import Path

import keras
import numpy as np
from keras.src.initializers.random_initializers import compute_fans

NAMES = {"glorotUniform": "GlorotUniform", "heUniform": "HeUniform", "glorotNormal": "GlorotNormal", "heNormal": "HeNormal"}


def case(name, shape):
    made = getattr(keras.initializers, NAMES[name])(seed=1)
    fan_in, fan_out = compute_fans(shape)
    deviation = np.sqrt(made.scale / (fan_in if made.mode == "fan_in" else (fan_in + fan_out) / 2))
    limit = deviation * np.sqrt(3) if made.distribution == "uniform" else 2 * deviation / 0.87962566103423978

    rounds = 1_000_000 // int(np.prod(shape))
    draws = np.stack([getattr(keras.initializers, NAMES[name])(seed=i)(shape) for i in range(rounds)]).astype(np.float64)
    assert abs(draws.std() / deviation - 1) < 0.005
    assert 0.999 < np.abs(draws).max() / limit < 1.000001
    return {"name": name, "shape": shape, "limit": float(limit), "deviation": float(deviation)}


cases = [case(name, shape) for name in NAMES for shape in [[3, 3, 4, 8], [100, 50]]]
lines = ",\n".join(json.dumps(c) for c in cases)
(Path(__file__).parent / "initializers.json").write_text(f"[\n{lines}\n]\n")
