export * as main from 'convnet-ts'
export * as exports from 'convnet-ts/export'
export * as report from 'convnet-ts/report'
export * as testing from 'convnet-ts/testing'
