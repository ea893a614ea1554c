"""Writes layers.json: outputs and gradients of every layer and option, by PyTorch's autograd in float64.

    python3 -m venv venv && venv/bin/pip install torch numpy keras==3.15.1 tensorflow-cpu
    venv/bin/python test/golden/layers.py

Images are NHWC, convolution kernels [height, width, channels, filters], dense kernels [in, out], as Keras has them;
PyTorch gets them transposed. Same padding is TensorFlow's: max((ceil(in / s) - 1) * s + k - in, 0) cells, the smaller
half first. Keras itself runs every case but Dropout too, and must give the same outputs and gradients.

Inputs, parameters and upstream gradients are multiples of 1/64, so that float32 holds them exactly.
"""

import json
import math
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F

rng = np.random.default_rng(20240117)


def draw(*shape):
    return rng.integers(-96, 97, shape) / 64


def pair(value):
    return value if isinstance(value, list) else [value, value]


def pad(x, window, strides, padding, value):
    """Pads NCHW images as TensorFlow does."""
    if padding == "valid":
        return x
    totals = [max((math.ceil(n / s) - 1) * s + k - n, 0) for n, k, s in zip(x.shape[2:], window, strides)]
    (top, bottom), (left, right) = [(total // 2, total - total // 2) for total in totals]
    return F.pad(x, (left, right, top, bottom), value=value)


def activate(y, name):
    functions = {"linear": lambda y: y, "relu": torch.relu, "sigmoid": torch.sigmoid}
    return torch.softmax(y, -1) if name == "softmax" else functions[name](y)


def conv2d(o, x, kernel, bias=None):
    window, strides = pair(o["kernelSize"]), pair(o.get("strides", 1))
    x = pad(x.permute(0, 3, 1, 2), window, strides, o.get("padding", "valid"), 0)
    y = F.conv2d(x, kernel.permute(3, 2, 0, 1), bias, stride=strides).permute(0, 2, 3, 1)
    return activate(y, o.get("activation", "linear"))


def max_pool2d(o, x):
    window = pair(o.get("poolSize", 2))
    strides = pair(o.get("strides", window))
    x = pad(x.permute(0, 3, 1, 2), window, strides, o.get("padding", "valid"), -math.inf)
    y, winners = F.max_pool2d(x, window, strides, return_indices=True)
    check_winners(x.detach().numpy(), winners.numpy(), window, strides)
    return y.permute(0, 2, 3, 1)


def check_winners(x, winners, window, strides):
    """The first of equal pixels wins, in row-major order."""
    for n, c, h, w in np.ndindex(winners.shape):
        top, left = h * strides[0], w * strides[1]
        first = np.argmax(x[n, c, top : top + window[0], left : left + window[1]])
        assert winners[n, c, h, w] == (top + first // window[1]) * x.shape[3] + left + first % window[1]


def dense(o, x, kernel, bias=None):
    y = x @ kernel
    return activate(y if bias is None else y + bias, o.get("activation", "linear"))


def mix(word, layer=0, step=0):
    """The 32 bits that Dropout draws for element `word`, as src/kernels/reference/elementwise.ts defines them."""
    h = word ^ layer
    h = (h ^ h >> 16) * 0x21F0AAAD & 0xFFFFFFFF
    h = (h ^ h >> 15 ^ step) * 0xD35A2D97 & 0xFFFFFFFF
    return h ^ h >> 15


def dropout(o, x):
    layer = mix(o.get("seed", 0) * 0x9E3779B1 & 0xFFFFFFFF)
    step = mix(layer)  # of the first step, 0
    kept = [mix(i, layer, step) >= o["rate"] * 2**32 for i in range(x.numel())]
    return x * torch.tensor(kept).reshape(x.shape) / (1 - o["rate"])


FUNCTIONS = {
    "Conv2D": conv2d,
    "MaxPool2D": max_pool2d,
    "Dense": dense,
    "Flatten": lambda o, x: x.reshape(len(x), -1),
    "Rescaling": lambda o, x: x * o["scale"] + o.get("offset", 0),
    "Activation": lambda o, x: activate(x, o["activation"]),
    "Dropout": dropout,
}


def by_keras(layer, options, x, parameters, dy):
    snake = {"kernelSize": "kernel_size", "poolSize": "pool_size", "useBias": "use_bias"}
    made = getattr(keras.layers, layer)(**{snake.get(k, k): v for k, v in options.items()}, dtype="float64")
    x = tf.constant(x)
    made.build(x.shape)
    made.set_weights(parameters)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = made(x)
    return y, tape.gradient(y, [x, *made.trainable_variables], dy)


def case(layer, x, parameters=(), **options):
    names = ["kernel", "bias"][: len(parameters)]
    tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (x, *parameters)]
    y = FUNCTIONS[layer](options, *tensors)
    dy = draw(*y.shape)
    dx, *gradients = torch.autograd.grad(y, tensors, torch.tensor(dy))

    if layer != "Dropout":  # Keras draws other masks
        keras_y, keras_gradients = by_keras(layer, options, x, parameters, dy)
        np.testing.assert_allclose(y.detach(), keras_y, rtol=1e-12, atol=1e-13)
        for ours, theirs in zip([dx, *gradients], keras_gradients, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)

    return {
        "layer": layer,
        "options": options,
        "input": array(x),
        "parameters": {name: array(value) for name, value in zip(names, parameters)},
        "output": array(y.detach().numpy()),
        "dy": array(dy)["data"],
        "dx": array(dx.numpy())["data"],
        "gradients": {name: array(value.numpy())["data"] for name, value in zip(names, gradients)},
    }


def array(x):
    data = [float(f"{value:.13g}") + 0.0 for value in x.ravel()]
    return {"shape": list(x.shape), "data": [int(value) if value == int(value) else value for value in data]}


def conv_case(images, filters, kernel_size, **options):
    kernel = draw(*pair(kernel_size), images[-1], filters)
    bias = [draw(filters)] if options.get("useBias", True) else []
    return case("Conv2D", draw(*images), [kernel, *bias], filters=filters, kernelSize=kernel_size, **options)


def pool_case(images, ties=True, **options):
    x = np.maximum(rng.integers(-4, 4, images), 0) if ties else draw(*images)
    return case("MaxPool2D", x.astype(float), **options)


def dense_case(rows, inputs, units, **options):
    bias = [draw(units)] if options.get("useBias", True) else []
    return case("Dense", draw(rows, inputs), [draw(inputs, units), *bias], units=units, **options)


def cases():
    for padding in ["valid", "same"]:
        for strides in [1, 2, [2, 1]]:
            for kernel_size in [3, [1, 3], 5]:
                yield conv_case((2, 6, 7, 1), 3, kernel_size, strides=strides, padding=padding)
    for strides in [1, 2, [2, 1]]:
        for kernel_size in [1, 2, 4]:
            yield conv_case((2, 5, 6, 3), 2, kernel_size, strides=strides, padding="same")
    yield conv_case((2, 5, 6, 3), 4, 3)
    yield conv_case((3, 5, 6, 3), 4, 3, padding="same", useBias=False)
    yield conv_case((2, 6, 5, 3), 2, 2, strides=3, padding="same", useBias=False)
    yield conv_case((2, 5, 5, 1), 2, 1, strides=2, padding="valid", useBias=False)
    for activation in ["linear", "relu", "sigmoid", "softmax"]:
        yield conv_case((2, 5, 4, 3), 5, 3, activation=activation)
        yield conv_case((2, 4, 5, 1), 3, [3, 2], padding="same", strides=[1, 2], activation=activation, useBias=False)

    yield pool_case((2, 6, 6, 3))
    yield pool_case((2, 7, 5, 2))
    yield pool_case((2, 7, 6, 2), ties=False)
    for padding in ["valid", "same"]:
        for pool_size in [2, 3, [2, 3]]:
            for strides in [1, 2, [1, 2]]:
                yield pool_case((2, 7, 6, 2), poolSize=pool_size, strides=strides, padding=padding)
            yield pool_case((2, 5, 8, 2), poolSize=pool_size, padding=padding)
    yield pool_case((2, 5, 5, 2), ties=False, poolSize=2, strides=3, padding="same")

    for activation in ["linear", "relu", "sigmoid", "softmax"]:
        yield dense_case(3, 5, 4, activation=activation)
        yield dense_case(2, 7, 3, activation=activation, useBias=False)
    yield dense_case(2, 4, 1)

    yield case("Flatten", draw(2, 3, 4, 2))
    yield case("Flatten", draw(3, 5))
    yield case("Rescaling", rng.integers(0, 256, (2, 4, 3, 1)).astype(float), scale=1 / 256)
    yield case("Rescaling", rng.integers(0, 256, (2, 3, 4, 2)).astype(float), scale=1 / 128, offset=-0.75)
    for activation in ["linear", "relu", "sigmoid", "softmax"]:
        yield case("Activation", draw(3, 6) * 4, activation=activation)
        yield case("Activation", draw(2, 3, 2, 4), activation=activation)
    yield case("Activation", np.array([[-40.0, 40, 0.5], [-100, -90, -300], [88, 89, 90]]), activation="softmax")
    yield case("Activation", np.array([[-40.0, 40, 0, 1e-3], [-100, 88, -17, 17]]), activation="sigmoid")
    for rate in [0, 0.17, 0.5]:
        yield case("Dropout", draw(3, 4, 5, 2), rate=rate)
    yield case("Dropout", draw(2, 30), rate=0.25, seed=7)


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases())
    (Path(__file__).parent / "layers.json").write_text(f"[\n{lines}\n]\n")
