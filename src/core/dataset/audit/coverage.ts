import { featureMatrix } from '../../acquisition/selection/feature-matrix'
import { kMeans } from '../../acquisition/selection/k-means'
import type { RandomSource } from '../../random/types'
import type { ImageId } from '../types'

/** An image as a point of the feature space. */
export interface AuditImage {
  readonly imageId: ImageId
  readonly isLabeled: boolean
  /** Pooled features, of equal length for all images. */
  readonly feature: Float32Array
}

/** Images that look alike. */
export interface AuditCluster {
  readonly labeled: number
  /** Not labelled, the most typical (nearest to the cluster's mean) first. */
  readonly unlabeled: readonly ImageId[]
}

/** Images a cluster holds on average. */
const clusterSize = 15
const fewestClusters = 2
const mostClusters = 40

/**
 * Groups the pool by what the images look like (k-means on standardised features, about 15 images a cluster, 40 clusters
 * at most): clusters without a label are what the labelled set has never shown the model.
 * @returns those without a label first, the larger the earlier, then the others by share of labels
 */
export function featureCoverage(
  images: readonly AuditImage[],
  random: RandomSource,
): AuditCluster[] {
  // The order of the images must not matter: seeds are drawn by place.
  const ordered = [...images].sort((a, b) => (a.imageId < b.imageId ? -1 : 1))
  const columns = ordered[0]?.feature.length ?? 0
  if (columns === 0) return []
  const values = standardised(ordered, columns)
  const wanted = Math.round(ordered.length / clusterSize)
  const k = Math.min(ordered.length, mostClusters, Math.max(fewestClusters, wanted))
  const clusters = kMeans(featureMatrix(values, ordered.length, columns), k, random)
  const members = Array.from({ length: k }, (): number[] => [])
  clusters.forEach((cluster, row) => members[cluster]?.push(row))
  return members
    .filter((rows) => rows.length > 0)
    .map((rows): AuditCluster => {
      const distance = distancesToMean(values, rows, columns)
      const open = rows.flatMap((row, at) => {
        const image = ordered[row]
        return image === undefined || image.isLabeled
          ? []
          : [{ imageId: image.imageId, distance: distance[at] ?? 0 }]
      })
      open.sort((a, b) => a.distance - b.distance)
      return {
        labeled: rows.length - open.length,
        unlabeled: open.map(({ imageId }) => imageId),
      }
    })
    .sort((a, b) => shareOf(a) - shareOf(b) || sizeOf(b) - sizeOf(a))
}

function sizeOf({ labeled, unlabeled }: AuditCluster): number {
  return labeled + unlabeled.length
}

function shareOf(cluster: AuditCluster): number {
  return cluster.labeled / sizeOf(cluster)
}

/** Every column with mean 0 and standard deviation 1 over the images; a constant one is 0. */
function standardised(images: readonly AuditImage[], columns: number): Float32Array {
  const values = new Float32Array(images.length * columns)
  for (let column = 0; column < columns; column++) {
    let sum = 0
    let squares = 0
    for (const { feature } of images) {
      const value = feature[column] ?? 0
      sum += value
      squares += value * value
    }
    const mean = sum / images.length
    const deviation = Math.sqrt(Math.max(0, squares / images.length - mean * mean))
    const scale = deviation > 1e-6 ? 1 / deviation : 0
    images.forEach(({ feature }, row) => {
      values[row * columns + column] = ((feature[column] ?? 0) - mean) * scale
    })
  }
  return values
}

/** Squared, parallel to `rows`. */
function distancesToMean(
  values: Float32Array,
  rows: readonly number[],
  columns: number,
): Float64Array {
  const mean = new Float64Array(columns)
  for (const row of rows) {
    for (let column = 0; column < columns; column++)
      mean[column] = (mean[column] ?? 0) + (values[row * columns + column] ?? 0) / rows.length
  }
  return Float64Array.from(rows, (row) => {
    let sum = 0
    for (let column = 0; column < columns; column++)
      sum += ((values[row * columns + column] ?? 0) - (mean[column] ?? 0)) ** 2
    return sum
  })
}
