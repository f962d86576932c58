/** The engine's worker with room for the features of two small images. */
import { createEngine } from '../../../src/engine/engine'
import { FeatureStore } from '../../../src/engine/features/feature-store'
import type { EngineMethods } from '../../../src/engine/protocol'
import { serve, type WorkerScope } from '../../../src/rpc/server'

// The tests are checked with the page's types, where `self` is the window.
serve<EngineMethods>(createEngine(new FeatureStore(70_000)), self as unknown as WorkerScope)
