/** Figures that others have published, to stand beside a run that is like theirs. */
import type { Summary } from '../results/summary.ts';

export interface PublishedFigure {
  who: string;
  figure: string;
  /** What of this run stands beside it. */
  here: string;
  /** What differs. */
  differs: string;
}

const ms = (value: number | undefined): string =>
  value === undefined ? 'nothing measured' : `${value.toFixed(0)} ms`;
const kib = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB/s`;

/** Those whose load is this run's: size of a message, messages a second, kind of network. */
export function publishedBeside(summary: Summary): PublishedFigure[] {
  const { traffic, trafficMs, nodeCount, propagationMs, latencyMs, bandwidth, topology, faults } = summary;
  const meanBytes = traffic.sent === 0 ? 0 : traffic.payloadBytes / traffic.sent;
  const perSecond = trafficMs === 0 ? 0 : traffic.sent / (trafficMs / 1_000);
  const near = (value: number, wanted: number): boolean => value > wanted * 0.75 && value < wanted * 1.25;
  const figures: PublishedFigure[] = [];
  if (near(meanBytes, 1_024) && near(perSecond, 1) && nodeCount >= 10 && faults.length === 0)
    figures.push(
      {
        who: 'nwaku v0.34, 1 KB, 1 message/s, up to 2,000 nodes, no added delay',
        figure: '400 ms until all nodes have it (worst case); latency mean 50 ms, max 1,600 ms',
        here: `until all nodes have it p50 ${ms(propagationMs.all?.p50)}, max ${ms(propagationMs.all?.max)}; latency p50 ${ms(latencyMs.all?.p50)}, max ${ms(latencyMs.all?.max)}; first messages counted`,
        differs: `${nodeCount} nodes here, all on one machine`,
      },
      {
        who: 'nwaku v0.34, same load, 1,000 nodes',
        figure: '10.1 KB/s in and 10.3 KB/s out per node',
        here:
          bandwidth === null
            ? 'not counted'
            : `${kib(bandwidth.inMean)} in and ${kib(bandwidth.outMean)} out at the mean node`,
        differs: `${nodeCount} nodes here; with discovery and more peers there`,
      },
    );
  if (near(meanBytes, 10_240) || near(meanBytes, 102_400)) {
    const [size, published] = near(meanBytes, 10_240)
      ? ['10 kB', '518, 627 and 642 ms']
      : ['100 kB', '835, 1,030 and 1,076 ms'];
    const without = propagationMs.withoutFirst;
    figures.push({
      who: `1,000 nwaku nodes in Shadow, ${size}, 100 ms links of 83/38 Mbit/s, first message excluded`,
      figure: `p50, p95, p99 ${published}`,
      here: `until all nodes have it p50 ${ms(without?.p50)}, p95 ${ms(without?.p95)}, p99 ${ms(without?.p99)}; first messages excluded`,
      differs: `${nodeCount} nodes here, without added delay`,
    });
  }
  if (nodeCount === 2 && near(meanBytes, 1_024))
    figures.push({
      who: "QA's mark",
      figure: 'a small message between two nodes within 100 ms',
      here: `max ${ms(latencyMs.all?.max)}; first messages counted`,
      differs: '',
    });
  if (nodeCount === 10 && topology === 'chain')
    figures.push({
      who: "QA's mark",
      figure: 'a chain of 10 nodes within 1,000 ms',
      here: `max ${ms(propagationMs.all?.max)}; first messages counted`,
      differs: '',
    });
  return figures;
}
