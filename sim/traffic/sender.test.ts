import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { decodeTraffic } from './payload.ts';
import { parseTrafficPlan, type TrafficPlanInput } from './plan.ts';
import { sendTraffic, type SenderOptions, type SenderReport, type SendOutcome } from './sender.ts';

const taken = (): Promise<{ sentToPeers: number | null }> => Promise.resolve({ sentToPeers: 2 });

function send(plan: TrafficPlanInput, more: Partial<SenderOptions> = {}): Promise<SenderReport> {
  return sendTraffic({
    plan: parseTrafficPlan(plan),
    run: 7,
    sender: 3,
    publish: taken,
    signal: new AbortController().signal,
    ...more,
  });
}

describe('a sender', () => {
  it('sends what the plan says, each message with its number, and counts', async () => {
    const payloads: Uint8Array[] = [];
    const report = await send(
      { messages: 20, size: '40..60', rate: '2000/s' },
      {
        publish: ({ payload }) => {
          payloads.push(payload);
          return taken();
        },
      },
    );
    expect(payloads.map((payload) => decodeTraffic(payload)?.sequence)).toEqual([...Array(20).keys()]);
    expect(decodeTraffic(payloads[0] ?? new Uint8Array())).toMatchObject({ run: 7, sender: 3, planned: 20 });
    expect(report).toMatchObject({
      planned: 20,
      sent: 20,
      accepted: 20,
      failed: {},
      sentToPeers: 40,
      sentToNobody: 0,
      payloadBytes: payloads.reduce((sum, { length }) => sum + length, 0),
      interrupted: false,
    });
  });

  it('never sends before a message is due', async () => {
    const outcomes: SendOutcome[] = [];
    const { durationMs } = await send(
      { messages: 10, rate: '100/s' },
      {
        onOutcome: (outcome) => {
          outcomes.push(outcome);
        },
      },
    );
    expect(durationMs).toBeGreaterThanOrEqual(90);
    expect(outcomes.every(({ lateMs }) => lateMs >= 0)).toBe(true);
  });

  it('says how late it was where publishing is slower than the plan, and sends all the same', async () => {
    const lateInPayloads: number[] = [];
    const report = await send(
      { messages: 10, rate: '1000/s' },
      {
        maxInFlight: 1,
        publish: async ({ payload }) => {
          lateInPayloads.push(decodeTraffic(payload)?.lateMs ?? -1);
          await sleep(20);
          return { sentToPeers: 1 };
        },
      },
    );
    expect(report.accepted).toBe(10);
    // The tenth is due after 9 ms and can go after nine times 20 ms; timers end up to 1 ms early.
    expect(report.lateMs?.max).toBeGreaterThan(9 * 19 - 9);
    expect(lateInPayloads.at(-1)).toBeCloseTo(report.lateMs?.max ?? 0, 2);
    expect(report.publishMs?.min).toBeGreaterThan(18);
  });

  it('does not wait for answers before the next message is sent', async () => {
    const answers: (() => void)[] = [];
    const sending = send(
      { messages: 8, rate: '1000/s' },
      {
        maxInFlight: 8,
        publish: () =>
          new Promise((resolve) => {
            answers.push(() => {
              resolve({ sentToPeers: 1 });
            });
            if (answers.length === 8) for (const answer of answers) answer();
          }),
      },
    );
    expect(await sending).toMatchObject({ sent: 8, accepted: 8 });
  });

  it('has no lateness without times', async () => {
    expect(await send({ messages: 5, rate: 'max' })).toMatchObject({ accepted: 5, lateMs: null });
  });

  it('counts failures by code and goes on', async () => {
    let call = 0;
    const report = await send(
      { messages: 6, rate: 'max' },
      {
        maxInFlight: 1,
        publish: () => {
          call++;
          if (call === 2) throw new Error('no code');
          if (call % 2 === 1) return taken();
          throw new WakuDeskError('NO_PEERS', 'Nobody.', { operation: 'test', hint: 'None.' });
        },
      },
    );
    expect(report).toMatchObject({
      sent: 6,
      accepted: 3,
      failed: { ENGINE_FAILED: 1, NO_PEERS: 2 },
      sentToPeers: 6,
    });
  });

  it('says that real sends are unknown where nobody counts them, and how many went to nobody', async () => {
    expect(
      await send({ messages: 2, rate: 'max' }, { publish: () => Promise.resolve({ sentToPeers: null }) }),
    ).toMatchObject({ accepted: 2, sentToPeers: null, sentToNobody: 0 });
    expect(
      await send({ messages: 2, rate: 'max' }, { publish: () => Promise.resolve({ sentToPeers: 0 }) }),
    ).toMatchObject({ accepted: 2, sentToPeers: 0, sentToNobody: 2 });
  });

  it('ends at the signal with what has gone', async () => {
    const controller = new AbortController();
    let sent = 0;
    const report = await send(
      { messages: 1000, rate: '1000/s' },
      {
        signal: controller.signal,
        publish: () => {
          if (++sent === 5) controller.abort();
          return taken();
        },
      },
    );
    expect(report).toMatchObject({ planned: 1000, sent: 5, accepted: 5, interrupted: true });
  });
});
