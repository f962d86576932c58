import { squaredDistance, standardisedMatrices } from '../../numeric/matrix'
import { kMeans } from '../../numeric/k-means'
import type { RandomSource } from '../../random/types'
import { sortedById } from '../image-order'
import type { Pool } from '../pool'
import type { ImageId } from '../types'

/** An image as a point of the feature space. */
export interface AuditImage {
  readonly imageId: ImageId
  /** Pooled features, of equal length for all images. */
  readonly feature: Float32Array
}

/** Images that look alike, the most typical (nearest to the cluster's centre) first. */
export type AuditCluster = readonly ImageId[]

/** What a comparison of the pool's images says of the pool as it is now. */
export interface Coverage {
  /** Clusters that still have an image in the pool. */
  readonly clusters: number
  /** Those of them without a label. */
  readonly unseen: readonly AuditCluster[]
  /** Images of the pool that were not there to compare. */
  readonly added: number
  /** Compared images that are no longer in the pool. */
  readonly removed: number
}

/** Images a cluster holds on average. */
const clusterSize = 15
const fewestClusters = 2
const mostClusters = 40

/**
 * Groups the pool by what the images look like (k-means on standardised features, about 15 images a cluster, 40 clusters
 * at most): clusters without a label are what the labelled set has never shown the model.
 * @returns the larger clusters first
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
    .map((rows, cluster) =>
      rows
        .map((row) => ({ row, distance: squaredDistance(matrix, row, centres, cluster) }))
        .sort((a, b) => a.distance - b.distance)
        .map(({ row }) => ordered[row].imageId),
    )
    .filter((cluster) => cluster.length > 0)
    .sort((a, b) => b.length - a.length)
}

/**
 * How the present labels cover clusters that were made before.
 * @param compared every image of the pool at that time, those in no cluster too
 */
export function presentCoverage(
  clusters: readonly AuditCluster[],
  compared: readonly ImageId[],
  { labeled, unlabeled }: Pool,
): Coverage {
  const pool = [...labeled, ...unlabeled]
  const [seen, inPool, known] = [new Set(labeled), new Set(pool), new Set(compared)]
  const present = clusters
    .map((cluster) => cluster.filter((id) => inPool.has(id)))
    .filter((cluster) => cluster.length > 0)
  return {
    clusters: present.length,
    unseen: present.filter((cluster) => !cluster.some((id) => seen.has(id))),
    added: pool.filter((id) => !known.has(id)).length,
    removed: compared.filter((id) => !inPool.has(id)).length,
  }
}
