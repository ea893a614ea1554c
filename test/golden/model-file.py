"""Writes model-file.json and by-python.safetensors: what Python's safetensors reads of model-format-1.safetensors, and a file
of its own with a tensor of each type that NumPy has.

    python3 -m venv venv && venv/bin/pip install safetensors==0.8.0 numpy==2.4.6
    venv/bin/python test/golden/model-file.py
"""

import json
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

here = Path(__file__).parent

golden = {}
with safe_open(here / "model-format-1.safetensors", framework="np") as file:
    metadata = file.metadata()
    for name in file.keys():
        tensor = file.get_tensor(name)
        golden[name] = {"dtype": str(tensor.dtype), "shape": tensor.shape, "values": tensor.flatten().tolist()}

document = json.loads(metadata["convnet-ts"])
layers = [[layer["type"], layer["name"]] for layer in document["model"]["layers"]]
(here / "model-file.json").write_text(json.dumps({"layers": layers, "tensors": golden}) + "\n")

types = ["bool", "uint8", "int8", "uint16", "int16", "float16", "uint32", "int32", "float32", "uint64", "int64", "float64"]
tensors = {name: np.arange(6).reshape(2, 3).astype(name) for name in types}
tensors |= {"scalar": np.array(0.5, np.float32), "none": np.zeros((0, 4), np.float32)}
save_file(tensors, here / "by-python.safetensors", metadata={"of": "Größe"})
