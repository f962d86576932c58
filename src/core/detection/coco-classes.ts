/** The 80 classes of COCO (Lin et al. 2014), in the order of the stock head's heatmaps. */
export const cocoClasses = [
  ...['person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat'],
  ...['traffic light', 'fire hydrant', 'stop sign', 'parking meter', 'bench'],
  ...['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
  ...['backpack', 'umbrella', 'handbag', 'tie', 'suitcase', 'frisbee', 'skis', 'snowboard'],
  ...['sports ball', 'kite', 'baseball bat', 'baseball glove', 'skateboard', 'surfboard'],
  ...['tennis racket', 'bottle', 'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl'],
  ...['banana', 'apple', 'sandwich', 'orange', 'broccoli', 'carrot', 'hot dog', 'pizza'],
  ...['donut', 'cake', 'chair', 'couch', 'potted plant', 'bed', 'dining table', 'toilet'],
  ...['tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone', 'microwave', 'oven'],
  ...['toaster', 'sink', 'refrigerator', 'book', 'clock', 'vase', 'scissors', 'teddy bear'],
  ...['hair drier', 'toothbrush'],
]

/** Other names of exactly the same thing; a narrower or wider word (woman, vehicle) would be a guess. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  person: ['human', 'pedestrian'],
  bicycle: ['bike', 'cycle'],
  car: ['automobile'],
  motorcycle: ['motorbike'],
  airplane: ['aeroplane', 'plane', 'aircraft'],
  truck: ['lorry'],
  'traffic light': ['traffic signal'],
  handbag: ['purse'],
  tie: ['necktie'],
  donut: ['doughnut'],
  couch: ['sofa'],
  tv: ['television', 'tv monitor', 'tv set'],
  laptop: ['notebook computer'],
  mouse: ['computer mouse'],
  remote: ['remote control'],
  keyboard: ['computer keyboard'],
  'cell phone': ['mobile phone', 'smartphone', 'cellular phone'],
  refrigerator: ['fridge'],
  'hair drier': ['hair dryer', 'hairdryer'],
}

const irregularPlurals: Readonly<Record<string, readonly string[]>> = {
  person: ['people'],
  sheep: [],
  aircraft: [],
  skis: ['ski'],
  scissors: [],
  broccoli: [],
  knife: ['knives'],
  mouse: ['mice'],
  'computer mouse': ['computer mice'],
}

/** The spellings 'Traffic Light', 'traffic_lights' and 'trafficlight' differ in nothing that matters. */
function comparable(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]+/g, '')
}

function pluralsOf(name: string): readonly string[] {
  const irregular = irregularPlurals[name]
  if (irregular !== undefined) return irregular
  if (/(?:s|x|ch|sh)$/.test(name)) return [`${name}es`]
  if (/[^aeiou]y$/.test(name)) return [`${name.slice(0, -1)}ies`]
  return [`${name}s`]
}

const classOf = new Map(
  cocoClasses.flatMap((name, index) =>
    [name, ...(synonyms[name] ?? [])].flatMap((word) =>
      [word, ...pluralsOf(word)].map((spelling) => [comparable(spelling), index] as const),
    ),
  ),
)

/**
 * The COCO class a category's name says, as an index of `cocoClasses`: its name or a synonym, singular or plural, in any
 * case, words joined by spaces, underscores, hyphens, dots or nothing. Undefined for every other name.
 */
export function findCocoClass(name: string): number | undefined {
  return classOf.get(comparable(name))
}
