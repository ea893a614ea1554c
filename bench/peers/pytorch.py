"""PyTorch with the settings that are fastest here: channels-last memory and the fused Adam, not `torch.compile`.

What allocates its memory matters more: peers.ts runs this program as it is and with tcmalloc preloaded.
"""
import os

import torch
from torch import nn

from measure import (BATCH, EXPERIMENTS, ROWS, VGG_BATCH, VGG_CHANNELS, VGG_PARAMETERS, VGG_STEPS, arguments,
                     check_parameters, drawn_batches, report, time_passes)


def notebook_model(filters, units, dropout):
    return nn.Sequential(
        nn.Conv2d(1, filters, 3), nn.ReLU(), nn.MaxPool2d(2),
        *([nn.Dropout(dropout)] if dropout else []),
        nn.Flatten(),
        nn.Linear(filters * 13 * 13, units), nn.ReLU(),
        nn.Linear(units, 10), nn.Sigmoid(),
    )


def vgg_model():
    a, b, c, d = VGG_CHANNELS
    conv = lambda before, after: [nn.Conv2d(before, after, 3, padding='same'), nn.ReLU()]
    return nn.Sequential(
        *conv(3, a), *conv(a, b), nn.MaxPool2d(2), *conv(b, c), *conv(c, d), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 8 * d, 10),
    )


def notebook_loss(p, labels):
    c = p.clamp(1e-7, 1 - 1e-7)
    return -(c.gather(1, labels[:, None]) / c.sum(1, keepdim=True)).log().mean()


def training_step(model, loss):
    model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def step(images, labels):
        value = loss(model(images), labels)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value.item()

    return step


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def staged(batches):
    return [(torch.from_numpy(images).permute(0, 3, 1, 2), torch.from_numpy(labels)) for images, labels in batches]


options = arguments()
torch.set_num_threads(options.threads)
torch.manual_seed(1)
common = {'peer': 'pytorch', 'version': f'PyTorch {torch.__version__}', 'threads': options.threads,
          'note': 'tcmalloc' if 'tcmalloc' in os.environ.get('LD_PRELOAD', '') else ''}

if 'train' in options.tasks:
    batches = staged(drawn_batches(ROWS, (28, 28, 1), BATCH))
    for number in options.experiments:
        experiment = dict(EXPERIMENTS[number])
        expected = experiment.pop('parameters')
        model = notebook_model(**experiment)
        check_parameters(parameters(model), expected)
        seconds = time_passes(training_step(model, notebook_loss), batches, options.repeats)
        report(task='train', experiment=number, seconds=seconds, steps=len(batches) * len(seconds), **common)

if 'vgg' in options.tasks:
    batches = staged(drawn_batches(VGG_BATCH * VGG_STEPS, (32, 32, 3), VGG_BATCH))
    model = vgg_model()
    check_parameters(parameters(model), VGG_PARAMETERS)
    seconds = time_passes(training_step(model, nn.functional.cross_entropy), batches, options.repeats)
    report(task='vgg', experiment=None, seconds=[s / VGG_STEPS for s in seconds], steps=VGG_STEPS * len(seconds),
           **common)
