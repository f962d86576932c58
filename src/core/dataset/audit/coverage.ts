import { squaredDistance, standardisedMatrices } from '../../acquisition/selection/feature-matrix'
import { kMeans } from '../../acquisition/selection/k-means'
import type { RandomSource } from '../../random/types'
import { sortedById } from '../image-order'
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
  /** Not labelled, the most typical (nearest to the cluster's centre) first. */
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
  const ordered = sortedById(images)
  const [matrix] = standardisedMatrices([ordered.map(({ feature }) => feature)])
  if (matrix.columns === 0) return []
  const wanted = Math.round(matrix.rows / clusterSize)
  const k = Math.min(matrix.rows, mostClusters, Math.max(fewestClusters, wanted))
  const { clusters, centres } = kMeans(matrix, k, random)
  const members = Array.from({ length: k }, (): number[] => [])
  clusters.forEach((cluster, row) => members[cluster].push(row))
  return members
    .map((rows, cluster): AuditCluster => {
      const open = rows
        .filter((row) => !ordered[row].isLabeled)
        .map((row) => ({ row, distance: squaredDistance(matrix, row, centres, cluster) }))
        .sort((a, b) => a.distance - b.distance)
      return {
        labeled: rows.length - open.length,
        unlabeled: open.map(({ row }) => ordered[row].imageId),
      }
    })
    .filter((cluster) => sizeOf(cluster) > 0)
    .sort((a, b) => shareOf(a) - shareOf(b) || sizeOf(b) - sizeOf(a))
}

function sizeOf({ labeled, unlabeled }: AuditCluster): number {
  return labeled + unlabeled.length
}

function shareOf(cluster: AuditCluster): number {
  return cluster.labeled / sizeOf(cluster)
}
