"""Writes summary-*.txt: what `model.summary()` of Keras 3 prints, character for character.

    python3 -m venv venv && venv/bin/pip install keras==3.15.1 tensorflow-cpu
    venv/bin/python test/golden/summary.py

Each text comes from a process of its own, so that names start again at `conv2d`. COLUMNS=80 is what a program sees
that does not write to a terminal; the last text is of a terminal of 120 columns, where Keras' own limit of 88 holds.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def experiment(filters, units, rate=0.0, built=True):
    from keras import Input, Sequential, layers

    model = Sequential()
    if built:
        model.add(Input((28, 28, 1)))
    model.add(layers.Conv2D(filters, 3, activation="relu"))
    model.add(layers.MaxPooling2D(2))
    if rate:
        model.add(layers.Dropout(rate))
    model.add(layers.Flatten())
    model.add(layers.Dense(units, activation="relu"))
    model.add(layers.Dense(10, activation="sigmoid"))
    return model


def trained(model, optimizer="adam"):
    import numpy as np

    model.compile(loss="sparse_categorical_crossentropy", optimizer=optimizer)
    model.train_on_batch(np.zeros((1, *model.input_shape[1:]), "float32"), np.zeros(1, "int64"))
    return model


def tiny():
    """288 weights are 1.125 KB, which Python rounds to the even digit; the step counter of SGD has 8 bytes."""
    from keras import Input, Sequential, layers

    return Sequential([Input((8,)), layers.Dense(32)], name="tiny")


def long_names():
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((1024, 1024, 3)),
            layers.Rescaling(1 / 255, name="pixels_become_numbers_from_zero_to_one"),
            layers.Conv2D(1234, 3, padding="same", name="a_convolution_with_a_name_longer_than_any_column"),
            layers.Conv2D(5, 1, name="word-word and words with spaces, which are broken"),
            layers.MaxPooling2D(2, name="seventeen_letters"),
            layers.MaxPooling2D(256, name="sixteen_letters_"),
            layers.Activation("relu", name="nineteen_letters_xx"),
            layers.Dropout(0.5, name="twenty_one_letters_xx"),
            layers.Flatten(name="twenty_two_letters_xxx"),
            layers.Dense(123_456, name="d"),
        ],
        name="long_names",
    )


MODELS = {
    "experiment-1": lambda: experiment(32, 32),
    "experiment-2": lambda: experiment(64, 64),
    "experiment-3": lambda: experiment(64, 64, 0.17),
    "experiment-1-trained": lambda: trained(experiment(32, 32)),
    "experiment-3-trained": lambda: trained(experiment(64, 64, 0.17)),
    "unbuilt": lambda: experiment(32, 32, 0.17, built=False),
    "long-names": long_names,
    "tiny-trained": lambda: trained(tiny(), "sgd"),
    "wide": lambda: experiment(64, 64, 0.17),
}

if __name__ == "__main__":
    if len(sys.argv) == 1:
        for name in MODELS:
            columns = "120" if name == "wide" else "80"
            environment = {**os.environ, "COLUMNS": columns, "TF_CPP_MIN_LOG_LEVEL": "3"}
            subprocess.run([sys.executable, __file__, name], env=environment, check=True)
    else:
        texts = []
        MODELS[sys.argv[1]]().summary(print_fn=texts.append)
        (HERE / f"summary-{sys.argv[1]}.txt").write_text("".join(texts), encoding="utf-8")
