"""Keras 3 on TensorFlow. (A file named keras.py would be imported in the package's place.)

The step is a `tf.function` of its own around Keras' model and optimizer, which is steadier here than `fit` and as fast
as its best epoch; XLA (`jit_compile`) takes 2.5 times as long. The loss is written out: given the built-in one, Keras takes
the logits from behind the sigmoid and trains another model.
"""
import os

os.environ['KERAS_BACKEND'] = 'tensorflow'
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'

import keras
import tensorflow as tf
from keras import layers, ops

from measure import (BATCH, EXPERIMENTS, ROWS, VGG_BATCH, VGG_CHANNELS, VGG_PARAMETERS, VGG_STEPS, arguments,
                     check_parameters, drawn_batches, report, time_passes)


def notebook_model(filters, units, dropout):
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(filters, 3, activation='relu'),
        layers.MaxPooling2D(2),
        *([layers.Dropout(dropout)] if dropout else []),
        layers.Flatten(),
        layers.Dense(units, activation='relu'),
        layers.Dense(10, activation='sigmoid'),
    ])


def vgg_model():
    a, b, c, d = (layers.Conv2D(channels, 3, padding='same', activation='relu') for channels in VGG_CHANNELS)
    pool = layers.MaxPooling2D
    return keras.Sequential([keras.Input((32, 32, 3)), a, b, pool(2), c, d, pool(2), layers.Flatten(), layers.Dense(10)])


def notebook_loss(labels, p):
    c = ops.clip(p, 1e-7, 1 - 1e-7)
    return -ops.mean(ops.log(ops.sum(ops.one_hot(labels, 10) * c, axis=1) / ops.sum(c, axis=1)))


def vgg_loss(labels, logits):
    return ops.mean(keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True))


def compiled_step(model, loss):
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(images, labels):
        with tf.GradientTape() as tape:
            value = loss(labels, model(images, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    return step


def staged(batches):
    return [(tf.constant(images), tf.constant(labels)) for images, labels in batches]


options = arguments()
tf.config.threading.set_intra_op_parallelism_threads(options.threads)
tf.config.threading.set_inter_op_parallelism_threads(options.threads)
common = {'peer': 'keras', 'version': f'Keras {keras.__version__}, TensorFlow {tf.__version__}',
          'threads': options.threads}

if 'train' in options.tasks:
    batches = staged(drawn_batches(ROWS, (28, 28, 1), BATCH))
    for number in options.experiments:
        experiment = dict(EXPERIMENTS[number])
        expected = experiment.pop('parameters')
        model = notebook_model(**experiment)
        check_parameters(model.count_params(), expected)
        seconds = time_passes(compiled_step(model, notebook_loss), batches, options.repeats)
        report(task='train', experiment=number, seconds=seconds, steps=len(batches) * len(seconds), **common)

if 'vgg' in options.tasks:
    batches = staged(drawn_batches(VGG_BATCH * VGG_STEPS, (32, 32, 3), VGG_BATCH))
    model = vgg_model()
    check_parameters(model.count_params(), VGG_PARAMETERS)
    seconds = time_passes(compiled_step(model, vgg_loss), batches, options.repeats)
    report(task='vgg', experiment=None, seconds=[s / VGG_STEPS for s in seconds], steps=VGG_STEPS * len(seconds),
           **common)
