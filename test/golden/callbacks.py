"""Writes callbacks.json: what Keras' callbacks do with sequences of numbers.

    python3 -m venv venv && venv/bin/pip install keras==3.15.1 tensorflow-cpu
    venv/bin/python test/golden/callbacks.py

The callbacks are Keras' own, told of epochs by the loop below as `fit` does. The numbers are multiples of 1/16 and the
deltas of 1/32, so that Keras' float32 compares them exactly and ties occur. A `null` stands for an option left out.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np

rng = np.random.default_rng(11)


def pick(*choices):
    return choices[rng.integers(len(choices))]


def draw_values(mode):
    """Numbers that improve at first and then wander."""
    steps = rng.integers(-3, 3, 16) - np.array([2] * 4 + [0] * 12)
    values = 2 + np.cumsum(steps) / 16
    return (values if mode == "min" else 4 - values).tolist()


def snake_case(options):
    names = {name: "".join("_" + c.lower() if c.isupper() else c for c in name) for name in options}
    return {names[name]: value for name, value in options.items() if value is not None}


def run(callback, model, values, after_epoch=lambda epoch, logs: None):
    """One fit; returns the number of epochs run."""
    model.stop_training = False
    callback.set_model(model)
    callback.on_train_begin()
    epoch = -1
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_begin(epoch)
        logs = {"score": value}
        callback.on_epoch_end(epoch, logs)
        after_epoch(epoch, logs)
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1


def early_stopping():
    mode = pick("min", "max")
    options = {
        "mode": mode,
        "minDelta": pick(None, 1 / 32, 1 / 16, 3 / 16),
        "patience": pick(None, 1, 2, 3, 5),
        "baseline": pick(None, None, 1.5, 2.25),
        "startFromEpoch": pick(None, None, 1, 4),
        "restoreBestWeights": pick(True, False),
    }
    values = draw_values(mode)
    model = SimpleNamespace(restored=None)
    model.get_weights = lambda: model.epoch
    model.set_weights = lambda epoch: setattr(model, "restored", epoch)
    callback = keras.callbacks.EarlyStopping("score", **snake_case(options))
    epochs = run(callback, model, values)
    return {
        "options": options,
        "values": values,
        "epochs": epochs,
        "stoppedEpoch": callback.stopped_epoch,
        "bestEpoch": callback.best_epoch,
        "best": callback.best,
        "restored": model.restored,
    }


def reduce_lr_on_plateau():
    mode = pick("min", "max")
    options = {
        "mode": mode,
        "factor": pick(None, 0.5, 0.25, 0.9),
        "patience": pick(0, 1, 2, 3, 4),
        "minDelta": pick(None, 0, 1 / 16, 3 / 16),
        "cooldown": pick(None, None, 1, 2, 4),
        "minLr": pick(None, None, 0.001, 0.01),
    }
    values = draw_values(mode)
    model = SimpleNamespace(optimizer=keras.optimizers.SGD(learning_rate=0.0625))
    rates, logged = [], []

    def after_epoch(_, logs):
        rates.append(float(model.optimizer.learning_rate.numpy()))
        logged.append(logs["learning_rate"])

    run(keras.callbacks.ReduceLROnPlateau("score", **snake_case(options)), model, values, after_epoch)
    return {"options": options, "values": values, "learningRates": rates, "logged": logged}


def model_checkpoint():
    mode = pick("min", "max")
    options = {
        "mode": mode,
        "saveBestOnly": True,
        "initialValueThreshold": pick(None, 1.5, 2.25, 9),
    }
    values = draw_values(mode)
    model = SimpleNamespace(saved=[])
    model.save_weights = lambda *_, **__: model.saved.append(model.epoch)
    callback = keras.callbacks.ModelCheckpoint(
        "x.weights.h5", "score", save_weights_only=True, **snake_case(options)
    )
    run(callback, model, values)
    return {"options": options, "values": values, "saved": model.saved}


golden = {
    "keras": keras.__version__,
    "earlyStopping": [early_stopping() for _ in range(120)],
    "reduceLROnPlateau": [reduce_lr_on_plateau() for _ in range(120)],
    "modelCheckpoint": [model_checkpoint() for _ in range(20)],
}
lines = [f'"keras": "{golden.pop("keras")}"']
for name, cases in golden.items():
    lines.append(f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]")
Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
