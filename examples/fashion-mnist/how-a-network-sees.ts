import { figure, figures, paragraph, type Section, section, subsection } from 'convnet-ts/report'
import type { DrawnRun } from './report.ts'

/** The report's section that explains a convolutional network by the pictures of a trained one. */
export function howANetworkSees({ run, pictures }: DrawnRun): Section {
  const { number, filters, units } = run.experiment
  return section(
    'How a convolutional network sees',
    paragraph(
      `These pictures are of the trained network of experiment ${number}; the image is the first of the test.`,
    ),
    subsection(
      'Convolution: the same question everywhere',
      paragraph(
        `The first layer lays a window of 3 by 3 pixels upon every place of the image. Each of its ${filters} filters has nine ` +
          'weights, multiplies the nine pixels by them, adds up, and adds a bias. The sum is large where the image looks ' +
          'as the filter does: an edge that rises to the right, a dark seam, a bright patch. One filter asks the same question at ' +
          'every place, so that what it has learnt of a sleeve on the left holds on the right as well, with nine weights ' +
          'instead of hundreds. Its 26 by 26 answers are its feature map.',
      ),
      figures(
        figure(
          pictures.filters,
          'Nobody drew these: they began as noise, and training has made them what they are. Blue adds, red takes away.',
        ),
      ),
    ),
    subsection(
      'ReLU: only what is there',
      paragraph(
        'A negative answer says that something is missing. The rectified linear unit, max(0, x), makes it zero and ' +
          'leaves the others alone. Without such a bend between them, two layers would be no more than one.',
      ),
    ),
    subsection(
      'Max pooling: that it is there, not exactly where',
      paragraph(
        'Of every 2 by 2 answers the largest stays. The map is a quarter as large, and a garment that lies a pixel further ' +
          'to the left gives almost the same one.',
      ),
    ),
    subsection(
      'Flattening, and the verdict',
      paragraph(
        `The pooled maps are written one behind the other, as one long list. A dense layer of ${units} units weighs all of ` +
          'it, each unit in its own way, and ten outputs weigh those: one for each class, from 0 to 1 by the sigmoid. The ' +
          'largest is the answer.',
      ),
      figures(
        figure(
          pictures['feature-maps'],
          'The first test image, layer by layer; of each layer the first few maps.',
        ),
      ),
    ),
    subsection(
      'Learning',
      paragraph(
        'All weights begin at random. A step takes a batch of images, compares the outputs with the labels, and finds by the chain ' +
          'rule, backwards from layer to layer, in which direction each weight makes the loss smaller. Adam then moves every ' +
          'weight a little that way, with a pace of its own for each. An epoch is as many steps as go once through all images. ' +
          'The loss is the cross-entropy: minus the logarithm of the share that the right class has among the ten outputs.',
      ),
    ),
  )
}
