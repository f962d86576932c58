import { serve } from '../rpc/server'
import { createEngine } from './engine'
import { workerHeartbeat } from './device/pacing'
import type { EngineMethods } from './protocol'

serve<EngineMethods>(createEngine(), self, workerHeartbeat)
