"""Writes tensor-board.json: one event of each kind, framed as a record, as TensorBoard's own Python writes it. Given a
folder of event files instead, prints what TensorBoard's own reader finds in it, as JSON.

    python3 -m venv venv && venv/bin/pip install tensorboard==2.21.0 'setuptools<80'
    venv/bin/python test/golden/tensor-board.py
    venv/bin/python test/golden/tensor-board.py LOGDIR
"""

import base64
import io
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

WALL_TIME = 1754300000.125


def record(event):
    """The event as one record of a file, in base64."""
    file = io.BytesIO()
    RecordWriter(file).write(event.SerializeToString(deterministic=True))
    return base64.b64encode(file.getvalue()).decode()


def summary_record(step, summary):
    return record(event_pb2.Event(wall_time=WALL_TIME, step=step, summary=summary))


def image_pb(tag, png, width, height):
    """What `tf.summary.image` writes, without TensorFlow's PNG encoder."""
    values = np.array([str(width).encode(), str(height).encode(), png], dtype=object)
    return summary_pb2.Summary(
        value=[
            summary_pb2.Summary.Value(
                tag=tag,
                metadata=image_metadata.create_summary_metadata(display_name=None, description=None),
                tensor=tensor_util.make_tensor_proto(values),
            )
        ]
    )


def small_png():
    file = io.BytesIO()
    Image.fromarray(np.array([[0, 128, 255], [255, 128, 0]], dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


def golden():
    version = event_pb2.Event(
        wall_time=WALL_TIME,
        file_version="brain.Event:2",
        source_metadata=event_pb2.SourceMetadata(writer="convnet-ts"),
    )
    scalars = [
        ("epoch_loss", 0, 0.9068),
        ("epoch_accuracy", 1, 0.0),
        ("batch_loss", 94, 1.5),
        ("größe/µ", 2**31, -2.5e-8),
        ("epoch_loss", 2**40 + 1, float("inf")),
    ]
    normal = np.round(256 * np.random.default_rng(1).normal(size=300)) / 256
    histograms = [
        ("conv2d/kernel/histogram", 3, normal.tolist()),
        ("conv2d/bias/histogram", 0, [0.25] * 7),
        ("dense/kernel/histogram", 12, [-1.0, 0.0, 0.5, 1.0]),
        ("empty", 1, []),
    ]
    png = small_png()
    return {
        "wallTime": WALL_TIME,
        "version": record(version),
        "scalars": [
            {"tag": tag, "step": step, "value": str(value), "record": summary_record(step, scalar_pb(tag, value))}
            for tag, step, value in scalars
        ],
        "histograms": [
            {"tag": tag, "step": step, "values": values, "record": summary_record(step, histogram_pb(tag, values))}
            for tag, step, values in histograms
        ],
        "image": {
            "tag": "predictions",
            "step": 4,
            "width": 3,
            "height": 2,
            "png": base64.b64encode(png).decode(),
            "record": summary_record(4, image_pb("predictions", png, 3, 2)),
        },
    }


def read_back(folder):
    """Tag by tag the plugin and what it was given: step, time, and the tensor; of PNGs the pixels' shape and mean."""
    accumulator = EventAccumulator(folder, size_guidance={"tensors": 0}).Reload()
    found = {}
    for tag in accumulator.Tags()["tensors"]:
        plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
        events = []
        for event in accumulator.Tensors(tag):
            value = tensor_util.make_ndarray(event.tensor_proto)
            if plugin == "images":
                width, height, png = value
                pixels = np.asarray(Image.open(io.BytesIO(png)))
                value = [int(width), int(height), list(pixels.shape), float(pixels.mean())]
            else:
                value = value.tolist()
            events.append({"step": event.step, "wallTime": event.wall_time, "value": value})
        found[tag] = {"plugin": plugin, "events": events}
    return found


if len(sys.argv) > 1:
    print(json.dumps(read_back(sys.argv[1])))
else:
    Path(__file__).with_suffix(".json").write_text(json.dumps(golden(), indent=1) + "\n")
