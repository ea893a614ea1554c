import { DataError, type FashionMnist, fashionMnist, type OptionError, progressReporter } from 'convnet-ts'

/**
 * Loads Fashion-MNIST for a program that has an option `--data`.
 *
 * @param folder what the option has; undefined for the usual places
 * @param refuse makes the program's error for an option
 * @throws OptionError where the folder does not have the images, DataError where one of its files is damaged
 */
export async function loadImages(
  folder: string | undefined,
  refuse: (option: string, found: unknown, expected: string) => OptionError,
): Promise<FashionMnist> {
  try {
    return await fashionMnist({ dir: folder, onProgress: progressReporter() })
  } catch (error) {
    // What is wrong in one of the files, its own error says best.
    if (!(error instanceof DataError) || error.place.file !== folder) throw error
    throw refuse('--data', folder, `a folder with Fashion-MNIST (${error.message})`)
  }
}
