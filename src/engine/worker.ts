import { serve, type WorkerScope } from '../rpc/server'
import { createEngine } from './engine'
import type { EngineMethods } from './protocol'

serve<EngineMethods>(createEngine(), self as unknown as WorkerScope)
