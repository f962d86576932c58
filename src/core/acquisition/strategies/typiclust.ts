import type { RandomSource } from '../../random/types'
import { fillWithMissing, imageFeature, imageFeatures } from '../variety/image-features'
import { numberOf } from '../parameters'
import { selectRows, squaredDistancesTo, stackRows, type FeatureMatrix } from '../../numeric/matrix'
import { kMeans } from '../../numeric/k-means'
import { checkBatchSize } from '../select'
import type { AcquisitionScore, NumberParameter, QueryStrategy } from '../types'

const neighbours: NumberParameter = {
  kind: 'number',
  id: 'neighbours',
  label: 'Neighbours',
  help: 'An image is the more typical, the nearer its so many nearest neighbours in its cluster are.',
  min: 1,
  max: 100,
  step: 1,
  defaultValue: 20,
}

const mostClusters: NumberParameter = {
  kind: 'number',
  id: 'clusters',
  label: 'Most clusters',
  help: 'The pool is parted into one cluster for each image labelled or asked for, but not into more than this.',
  min: 2,
  max: 1000,
  step: 1,
  defaultValue: 500,
}

/** In a cluster of more images than this, the nearest are sought among so many of them, drawn at random. */
const largestNeighbourhood = 2000

interface Cluster {
  /** Rows of the unlabelled images not picked yet. */
  readonly open: number[]
  readonly size: number
  /** Images labelled or picked. */
  covered: number
}

/**
 * Typical clustering (Hacohen et al. 2022), made for the cold start: k-means with a cluster for each image labelled or
 * asked for; then, from the clusters with fewest labelled images and of these from the largest first, the most typical
 * image each. Typicality is 1 / the mean distance to the nearest neighbours in the cluster, of more than 2,000 images among
 * 2,000 drawn at random: the work grows with images x neighbourhood. Where the clusters without a label do not suffice,
 * those with one follow. The score is the cluster's share of the pool minus its labelled images.
 */
export const typiclustStrategy: QueryStrategy = {
  id: 'typiclust',
  name: 'TypiClust',
  summary: 'Asks for the most typical image of each large group in which nothing is labelled.',
  source: 'Hacohen, Dekel & Weinshall 2022, Active learning on a budget',
  parameters: [neighbours, mostClusters, imageFeature],
  needs: ['features'],
  coldStart: true,
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const k = numberOf(neighbours, parameters)
    const limit = numberOf(mostClusters, parameters)
    const { images, unlabeled, labeled, missing } = imageFeatures(context, parameters, random)
    const all = stackRows(unlabeled, labeled)
    const count = Math.min(limit, labeled.rows + Math.max(1, batchSize))
    const grouped = kMeans(all, count, random.fork('k-means'))
    const clusters = clustersOf(grouped.clusters, unlabeled.rows)

    const picks: AcquisitionScore[] = []
    while (picks.length < Math.min(batchSize, images.length)) {
      const cluster = clusters
        .filter(({ open }) => open.length > 0)
        .reduce((best, next) => (comesBefore(next, best) ? next : best))
      const row = mostTypical(unlabeled, cluster.open, k, random)
      picks.push({
        imageId: images[row].imageId,
        score: cluster.size / all.rows - cluster.covered,
        reason: explain(cluster),
      })
      cluster.open.splice(cluster.open.indexOf(row), 1)
      cluster.covered++
    }
    return fillWithMissing(picks, missing, batchSize)
  },
}

/** @param assigned the cluster of each row, the unlabelled ones first */
function clustersOf(assigned: Int32Array, unlabeled: number): Cluster[] {
  const rows = new Map<number, number[]>()
  assigned.forEach((cluster, row) => {
    const members = rows.get(cluster)
    if (members === undefined) rows.set(cluster, [row])
    else members.push(row)
  })
  return [...rows.values()].map((members) => {
    const open = members.filter((row) => row < unlabeled)
    return { open, size: members.length, covered: members.length - open.length }
  })
}

function comesBefore(a: Cluster, b: Cluster): boolean {
  return a.covered < b.covered || (a.covered === b.covered && a.size > b.size)
}

/** Of the rows of one cluster, the one whose k nearest neighbours among them are nearest on average; of equal ones the first. */
function mostTypical(
  matrix: FeatureMatrix,
  rows: readonly number[],
  k: number,
  random: RandomSource,
): number {
  const around =
    rows.length > largestNeighbourhood
      ? random.fork('neighbourhood').shuffle(rows).slice(0, largestNeighbourhood)
      : rows
  const isAround = new Set(around)
  const neighbourhood = selectRows(matrix, around)
  const distances = new Float64Array(around.length)
  let typical = rows[0]
  let least = Infinity
  for (const row of rows) {
    squaredDistancesTo(neighbourhood, matrix, row, distances)
    distances.sort()
    // The first is the row itself where it is among them.
    const first = isAround.has(row) ? 1 : 0
    const nearest = distances.subarray(first, first + k)
    const sum = nearest.reduce((total, squared) => total + Math.sqrt(squared), 0)
    const mean = sum / Math.max(1, nearest.length)
    if (mean < least) {
      least = mean
      typical = row
    }
  }
  return typical
}

function explain({ size, covered }: Cluster): string {
  if (size === 1) return 'alone in its group: nothing labelled is like it'
  const labels =
    covered === 0 ? 'none of them labelled' : `${covered} of them labelled or picked before it`
  return `the most typical of a group of ${size} similar images, ${labels}`
}
