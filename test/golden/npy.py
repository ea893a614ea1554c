"""Writes npy.json: arrays as numpy.save writes them.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6
    venv/bin/python test/golden/npy.py
"""

import base64
import io
import json
from pathlib import Path

import numpy as np


def entry(*shape):
    size = np.prod(shape, dtype=int)
    values = (np.arange(size, dtype=np.float32) - 1) / np.float32(3)
    file = io.BytesIO()
    np.save(file, values.reshape(shape))
    return {"shape": shape, "file": base64.b64encode(file.getvalue()).decode()}


shapes = [(), (1,), (7,), (2, 3), (3, 3, 1, 2), *((1,) * axes for axes in range(5, 30, 3))]
entries = [json.dumps(entry(*shape)) for shape in shapes]
Path(__file__).with_suffix(".json").write_text("[\n" + ",\n".join(entries) + "\n]\n")
