/** The key of a file's metadata that has the model, as a JSON text. The tensors are for everyone. */
export const METADATA_KEY = 'convnet-ts'

/** Of the JSON text and the names of tensors. A file of an older one is read; whatever would change its meaning adds 1. */
export const FORMAT = 1

/** The library's own version, for whoever meets a file of a newer format. */
export const LIBRARY_VERSION = '0.1.0'

/** The tensor of an optimiser's slot for one weight: `optimizer/m/conv2d/kernel`. */
export const slotTensor = (slot: string, weight: string): string => `optimizer/${slot}/${weight}`
