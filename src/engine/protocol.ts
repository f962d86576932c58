/** What the page and the engine worker say to each other. Types only: safe to import anywhere above the engine. */
import type { AnalysisMethods } from './analysis/protocol'
import type { BackboneMethods } from './backbone/protocol'
import type { DeviceMethods } from './device/protocol'
import type { FeatureMethods } from './features/protocol'
import type { HeadMethods } from './head/protocol'
import type { QueryMethods } from './query/protocol'

/** Method name -> what goes in, what comes out, what is reported meanwhile. Each room of the engine has its slice. */
export interface EngineMethods
  extends
    DeviceMethods,
    BackboneMethods,
    FeatureMethods,
    HeadMethods,
    QueryMethods,
    AnalysisMethods {}
