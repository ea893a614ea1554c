/*
 * Modules for the tiles that turbo computes with, which no browser has. build.js puts them in the place of this file, beside
 * those that every engine may need: see kernels/simd/prebuilt-modules.ts.
 */
export {}
