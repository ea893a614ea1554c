"""What the Python peers share: the work, the clock, and the line that a measurement is printed as.

    python pytorch.py --tasks train,vgg --experiments 1,2,3 --repeats 5 --threads 2
"""
import argparse
import json
import math
import statistics
import time

import numpy as np

BATCH = 512
ROWS = 48_000  # of an epoch: 94 batches, the last of 384
VGG_BATCH = 128
VGG_CHANNELS = (64, 64, 128, 128)  # a 2x2 pool follows each pair
VGG_PARAMETERS = 342_090
VGG_STEPS = 4  # a repeat
WARM_UP = 3  # steps that are not timed

# The notebook's three: Conv2D 3x3 relu, MaxPool 2x2, (Dropout,) Flatten, Dense relu, Dense 10 sigmoid.
EXPERIMENTS = {
    1: {'filters': 32, 'units': 32, 'dropout': 0, 'parameters': 173_738},
    2: {'filters': 64, 'units': 64, 'dropout': 0, 'parameters': 693_578},
    3: {'filters': 64, 'units': 64, 'dropout': 0.17, 'parameters': 693_578},
}


def arguments():
    listed = lambda text: [word for word in text.split(',') if word]
    parser = argparse.ArgumentParser()
    parser.add_argument('--tasks', type=listed, default=['train', 'vgg'])
    parser.add_argument('--experiments', type=lambda text: [int(n) for n in listed(text)], default=[1, 2, 3])
    parser.add_argument('--repeats', type=int, default=5)
    parser.add_argument('--threads', type=int, default=2)
    return parser.parse_args()


def drawn_batches(rows, shape, batch):
    """Batches of drawn pictures in [0, 1], two fifths of them zeros, with a bright band that tells the class."""
    random = np.random.default_rng(1)
    labels = random.integers(0, 10, rows)
    pixels = random.integers(1, 256, (rows, *shape), dtype=np.uint8)
    pixels[random.random(pixels.shape, dtype=np.float32) < 0.4] = 0
    for label in range(10):
        pixels[labels == label, 2 * label + 2 : 2 * label + 4] = 255
    images = pixels.astype(np.float32) / 255
    return [(images[i : i + batch], labels[i : i + batch]) for i in range(0, rows, batch)]


def time_passes(step, batches, repeats):
    """Seconds of each pass over the batches, `step(images, labels)` giving a loss; checks that the losses fall."""
    losses = [step(*batches[i % len(batches)]) for i in range(WARM_UP)]
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        losses += [step(*batch) for batch in batches]
        float(losses[-1])
        seconds.append(time.perf_counter() - began)
    check_learning([float(loss) for loss in losses])
    return seconds


def check_learning(losses):
    first, last = losses[0], losses[-1]
    if not all(map(math.isfinite, losses)) or abs(first - math.log(10)) > 0.5 or last >= first:
        raise SystemExit(f'does not learn: its loss was {first} at first, where ln 10 is expected, and {last} at last')


def check_parameters(found, expected):
    if found != expected:
        raise SystemExit(f'has {found} parameters, where {expected} are expected')


def report(peer, version, task, experiment, seconds, steps, threads, note=''):
    """Prints one measurement; `steps` are the timed ones, all repeats together."""
    measurement = {'peer': peer, 'version': version, 'task': task, 'experiment': experiment}
    measurement |= {'best': min(seconds), 'median': statistics.median(seconds)}
    print(json.dumps(measurement | {'steps': steps, 'threads': threads, 'note': note}), flush=True)
