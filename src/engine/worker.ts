import { serve } from '../rpc/server'
import { createEngine } from './engine'
import { workerGate } from './pacing'
import type { EngineMethods } from './protocol'

serve<EngineMethods>(createEngine(), self, { isHeld: () => workerGate.closed, everyMs: 5000 })
