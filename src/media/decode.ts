/**
 * Decodes an image file (the first frame of an animation) upright: EXIF orientation is applied here, once,
 * so `width` and `height` of the bitmap are the image's own. The caller closes the bitmap.
 * @throws DOMException when the browser cannot decode the file.
 */
export function decodeImage(file: Blob): Promise<ImageBitmap> {
  return createImageBitmap(file, { imageOrientation: 'from-image' })
}
