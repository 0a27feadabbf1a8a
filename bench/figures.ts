/** All figures, in the order in which they are measured. */
import { artifacts } from './artifacts.ts';
import { bundle } from './bundle.ts';
import { capture } from './capture.ts';
import { childProcess } from './child-process.ts';
import { desktop } from './desktop.ts';
import type { Figure } from './figure.ts';
import { latency } from './latency.ts';
import { nativeBurst } from './native-burst.ts';
import { nativeLatency } from './native-latency.ts';
import { nativeLoopDelay } from './native-loop-delay.ts';
import { nativeThroughput } from './native-throughput.ts';
import { networks } from './networks.ts';
import { restLatency } from './rest-latency.ts';
import { rss } from './rss.ts';
import { session } from './session.ts';
import { start } from './start.ts';
import { throughput } from './throughput.ts';
import { windowFigure } from './window.ts';

export const FIGURES: readonly Figure[] = [
  throughput,
  latency,
  restLatency,
  start,
  rss,
  session,
  capture,
  windowFigure,
  desktop,
  bundle,
  artifacts,
  nativeThroughput,
  nativeLatency,
  nativeLoopDelay,
  nativeBurst,
  childProcess,
  networks,
];
