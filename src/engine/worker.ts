import { serve } from '../rpc/server'
import { createEngine } from './engine'
import type { EngineMethods } from './protocol'

serve<EngineMethods>(createEngine(), self)
