"""Writes parity.json: five training steps of the notebook's models, by PyTorch.

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python test/golden/parity.py ../shared/fashion-mnist

The argument is a folder with the official training files. Weights, and the batches of half of the runs, come from
a generator that test/support/generated.ts has too. Adam is written out as Keras has it, and the loss as Keras means
it for sigmoids. All is computed in float32, and again in float64: `float64Error` says how far apart the two are.

Of each tensor the file has θ₅ − θ₀: every `every`-th element, as base64 of little-endian float32, and the norm of
the whole; and the norm of the first gradient, whose scale Adam does not show.
"""

import base64
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

STEPS = 5


def uniform(stream, n):
    """n numbers in [0, 1), multiples of 2⁻²⁴: the hash `lowbias32` of a counter."""
    x = np.arange(n, dtype=np.uint32) + np.uint32(stream * 0x9E3779B9 & 0xFFFFFFFF)
    x ^= x >> 16
    x *= np.uint32(0x7FEB352D)
    x ^= x >> 15
    x *= np.uint32(0x846CA68B)
    x ^= x >> 16
    return (x >> 8) / 2**24


def generated_weights(filters, units):
    """Glorot-uniform kernels and small biases."""
    inputs = 13 * 13 * filters
    fans = {"conv2d": (9, 9 * filters), "dense": (inputs, units), "dense_1": (units, 10)}
    shapes = {"conv2d": (3, 3, 1, filters), "dense": (inputs, units), "dense_1": (units, 10)}
    weights = {}
    for layer, shape in shapes.items():
        limit = np.sqrt(6 / sum(fans[layer]))
        for name, size, scale in [("kernel", shape, limit), ("bias", shape[-1:], 0.05)]:
            draws = uniform(len(weights) + 1, int(np.prod(size)))
            weights[f"{layer}/{name}"] = ((2 * draws - 1) * scale).astype(np.float32).reshape(size)
    return weights


def generated_images(n):
    """Images of a bright bar, the lower the higher the label, under noise, with a black margin on the right."""
    labels = np.floor(10 * uniform(100, n)).astype(np.int64)
    noise = 0.25 * uniform(101, n * 784).reshape(n, 28, 28)
    row, column = np.mgrid[:28, :28]
    below = row - 2 * labels[:, None, None]
    bar = (below >= 0) & (below < 8)
    return np.where(column < 24, np.where(bar, 0.75 + noise, noise), 0).astype(np.float32), labels


def official_images(folder, n):
    images = gzip.open(folder / "train-images-idx3-ubyte.gz").read(16 + n * 784)[16:]
    labels = gzip.open(folder / "train-labels-idx1-ubyte.gz").read(8 + n)[8:]
    pixels = np.frombuffer(images, np.uint8).astype(np.float32) / np.float32(255)
    return pixels.reshape(n, 28, 28), np.frombuffer(labels, np.uint8).astype(np.int64)


def forward(w, x):
    y = F.conv2d(x[:, None], w["conv2d/kernel"].permute(3, 2, 0, 1), w["conv2d/bias"]).relu()
    y = F.max_pool2d(y, 2).permute(0, 2, 3, 1).flatten(1)
    y = (y @ w["dense/kernel"] + w["dense/bias"]).relu()
    return (y @ w["dense_1/kernel"] + w["dense_1/bias"]).sigmoid()


def cross_entropy(p, labels):
    c = p.clamp(1e-7, 1 - 1e-7)
    return -(c.gather(1, labels[:, None])[:, 0] / c.sum(1)).log().mean()


def train(start, images, labels, batches, dtype):
    """Trains on batches in order; returns the losses, the first gradients and θ₅ − θ₀."""
    w = {name: torch.tensor(value, dtype=dtype, requires_grad=True) for name, value in start.items()}
    m = {name: torch.zeros_like(value) for name, value in w.items()}
    v = {name: torch.zeros_like(value) for name, value in w.items()}
    losses, first_gradients, begin = [], None, 0
    for t, rows in enumerate(batches, 1):
        batch = slice(begin, begin + rows)
        begin += rows
        loss = cross_entropy(forward(w, torch.tensor(images[batch], dtype=dtype)), torch.tensor(labels[batch]))
        gradients = dict(zip(w, torch.autograd.grad(loss, list(w.values()))))
        losses.append(loss.item())
        first_gradients = first_gradients or gradients
        alpha = 0.001 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        with torch.no_grad():
            for name, g in gradients.items():
                m[name] += (g - m[name]) * (1 - 0.9)
                v[name] += (g * g - v[name]) * (1 - 0.999)
                w[name] -= alpha * m[name] / (v[name].sqrt() + 1e-7)
    return losses, first_gradients, {name: w[name].detach().numpy() - start[name] for name in w}


def run(data, images, labels, filters, units, batches):
    start = generated_weights(filters, units)
    losses, gradients, deltas = train(start, images, labels, batches, torch.float32)
    exact_losses, _, exact = train(start, images, labels, batches, torch.float64)
    np.testing.assert_allclose(losses, exact_losses, rtol=1e-6)
    tensors = []
    for name, delta in deltas.items():
        every = 37 if delta.size > 10_000 else 1
        error = np.linalg.norm(delta - exact[name]) / np.linalg.norm(exact[name])
        tensors.append({
            "name": name,
            "shape": list(delta.shape),
            "gradientNorm": gradients[name].double().norm().item(),
            "float64Error": float(f"{error:.1e}"),
            "norm": float(np.linalg.norm(delta.astype(np.float64))),
            "every": every,
            "delta": base64.b64encode(delta.ravel()[::every].astype("<f4").tobytes()).decode(),
        })
    return {"data": data, "filters": filters, "units": units, "batches": batches, "losses": losses, "tensors": tensors}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    runs = []
    for filters, units, rows, real_rows in [(32, 32, 64, 512), (64, 64, 64, 64)]:
        batches = [rows] * (STEPS - 1) + [rows - 24]
        runs.append(run("generated", *generated_images(sum(batches)), filters, units, batches))
        batches = [real_rows] * STEPS
        runs.append(run("fashion-mnist", *official_images(folder, sum(batches)), filters, units, batches))
    lines = ",\n".join(json.dumps(r, separators=(",", ":")) for r in runs)
    (Path(__file__).parent / "parity.json").write_text(f"[\n{lines}\n]\n")
