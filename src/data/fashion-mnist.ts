import type { Tensor } from '../tensor/tensor.ts'

/** The ten classes of Fashion-MNIST; a label is an index into them. */
export const classNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const

/** Height and width of an image, in pixels. */
export const SIDE = 28

/** Images and their labels, in the same order. */
export interface LabelledImages {
  /** [images, 28, 28, 1], brightness 0 (background) … 255. */
  readonly images: Tensor<Uint8Array>
  /** One label an image, 0 … 9. */
  readonly labels: Uint8Array
}

/** Fashion-MNIST, or a set in its form. */
export interface FashionMnist {
  /** 60,000 images, 6,000 of each class. */
  readonly train: LabelledImages
  /** 10,000 images, 1,000 of each class. */
  readonly test: LabelledImages
  readonly classNames: readonly string[]
  /** Where the images came from: Kaggle's CSV files, the official IDX files, or drawn by `garments`. */
  readonly kind: 'csv' | 'idx' | 'generated'
  /** The same for people, to be printed with every result: `official IDX files in ../shared/fashion-mnist`. */
  readonly source: string
}

/** Where Zalando Research publishes the files. */
export const OFFICIAL_ADDRESS = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'

/** A file as it is published. */
export interface OfficialFile {
  readonly name: string
  readonly md5: string
  /** Its length. */
  readonly bytes: number
}

/** The four official files, gzipped IDX. Source: https://github.com/zalandoresearch/fashion-mnist */
export const officialFiles = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte.gz',
      md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      bytes: 26_421_880,
    },
    labels: { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe', bytes: 29_515 },
  },
  test: {
    images: { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79', bytes: 4_422_102 },
    labels: { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310', bytes: 5_148 },
  },
} as const satisfies Record<'train' | 'test', Record<'images' | 'labels', OfficialFile>>
