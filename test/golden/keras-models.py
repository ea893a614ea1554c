"""Writes small models of Keras, as it saves them, and keras-models.json with what they predict.

    python3.11 -m venv venv && venv/bin/pip install keras==3.15.1 tensorflow-cpu==2.21.0
    venv/bin/python test/golden/keras-models.py

    python3.7 -m venv old && old/bin/pip install keras==2.3.1 tensorflow-cpu==2.1.0 h5py==2.10.0 'protobuf<3.21' 'numpy<1.19'
    old/bin/python test/golden/keras-models.py

Run it by Keras 3, of today, and by Keras 2.3, of the notebook's time; each writes its own files, and its own part of
keras-models.json. `notebook` is the notebook's third model made small, trained for some steps, so that the file has
an optimiser's arrays; `layers` has each kind of layer that this library has, with all their options; `tiny` has the
least that a model can have, and is not compiled.
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras import layers, optimizers

HERE = Path(__file__).parent / "keras-models"
MAJOR = keras.__version__.split(".")[0]
SHAPE = (7, 6, 2)

np.random.seed(1)
tf.random.set_seed(1)


def numbers(rows):
    n = rows * int(np.prod(SHAPE))
    return (np.arange(n) * 37 % 101 / 101).astype("float32").reshape((rows,) + SHAPE)


def notebook():
    model = keras.Sequential(name="notebook")
    model.add(layers.Conv2D(3, (3, 3), activation="relu", input_shape=SHAPE))
    model.add(layers.MaxPooling2D(pool_size=(2, 2)))
    model.add(layers.Dropout(0.17))
    model.add(layers.Flatten())
    model.add(layers.Dense(5, activation="relu"))
    model.add(layers.Dense(4, activation="sigmoid"))
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=optimizers.Adam(0.001),
        metrics=["accuracy"],
    )
    model.fit(numbers(8), np.arange(8) % 4, batch_size=4, epochs=5, verbose=0)
    return model


def all_layers():
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Rescaling(2, offset=-0.5),
            layers.Conv2D(3, (2, 3), strides=(2, 1), padding="same", use_bias=False, name="first"),
            layers.ReLU(),
            layers.MaxPooling2D((2, 3), strides=(1, 2), padding="same"),
            layers.Dropout(0.25, seed=3),
            layers.Conv2D(2, 2, activation="sigmoid", bias_initializer="glorot_uniform"),
            layers.Flatten(),
            layers.Dense(4, bias_initializer="glorot_uniform"),
            layers.Activation("relu"),
            layers.Dense(3, activation="linear", use_bias=False, name="last"),
            layers.Softmax(),
        ]
    )
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(),
        optimizer=optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


def tiny():
    return keras.Sequential([layers.Dense(1, input_shape=SHAPE[2:])], name="tiny")


def save(name, model, suffixes):
    for suffix in suffixes:
        path = str(HERE / f"keras{MAJOR}-{name}{suffix}")
        # Keras 3 leaves the optimiser out of a .keras file that is saved after an .h5.
        (model.save_weights if suffix == ".weights.h5" else model.save)(path)
    rows = numbers(4).reshape((-1,) + model.input_shape[1:])[:4]
    golden[f"keras{MAJOR}-{name}"] = {
        "keras": keras.__version__,
        "layers": [layer.name for layer in model.layers],
        "predictions": [[float(p) for p in row] for row in model.predict(rows)],
    }


predictions = HERE.with_suffix(".json")
golden = json.loads(predictions.read_text()) if predictions.exists() else {}
HERE.mkdir(exist_ok=True)
if MAJOR == "2":
    save("notebook", notebook(), [".h5", ".weights.h5"])
    save("tiny", tiny(), [".h5"])
else:
    save("notebook", notebook(), [".keras", ".h5", ".weights.h5"])
    save("layers", all_layers(), [".keras"])
    save("tiny", tiny(), [".keras", ".h5", ".weights.h5"])
predictions.write_text(json.dumps(golden, indent=2, sort_keys=True) + "\n")
