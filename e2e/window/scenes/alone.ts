/** A node without peers: what is empty, refused or stopped. */
import { see } from '../desk-window.ts';
import type { WorldPlan } from './world.ts';

export const ALONE: WorldPlan = {
  name: 'alone',
  args: [],
  scenes: [
    {
      name: 'messages-no-peers',
      about: 'nothing there yet: what is missing and the next act',
      show: async (desk) => {
        await see(desk.messages.empty).toContainText('No peers yet');
      },
    },
    {
      name: 'peers-none',
      about: 'no peer: paste an address, or give this one away',
      show: async (desk) => {
        await desk.goTo('Peers');
      },
    },
    {
      name: 'peers-connect-failed',
      about: 'an address that is none stays typed, with what is wrong',
      show: async (desk) => {
        await desk.peers.connect('/ip4/127.0.0.1/tcp/nowhere');
        await see(desk.peers.problem).toContainText('MULTIADDR_INVALID');
      },
    },
    {
      name: 'publish-empty',
      about: 'the form before anything is typed',
      show: async (desk) => {
        await desk.goTo('Publish');
      },
    },
    {
      name: 'publish-refused',
      about: 'hex that is none: the fault stands at its field',
      show: async (desk) => {
        await desk.publish.choose('Payload written as', 'Hex');
        await desk.publish.payload.fill('68 65 6c 6c 6g');
        await see(desk.publish.payload).toHaveAttribute('aria-invalid', 'true');
      },
    },
    {
      name: 'publish-too-large',
      about: 'the size against the limit, while typing',
      show: async (desk) => {
        await desk.publish.choose('Payload written as', 'Text');
        await desk.publish.payload.fill('x'.repeat(160_000));
        await see(desk.publish.button).toBeDisabled();
      },
    },
    {
      name: 'chat-no-peers',
      about: 'the chat of a node without peers, before a nick is chosen',
      show: async (desk) => {
        await desk.goTo('Chat');
        await see(desk.chat.empty).toContainText('No peers yet');
      },
    },
    {
      name: 'chat-too-large',
      about: 'the size of a line against the limit, while typing',
      show: async (desk) => {
        await desk.chat.nick.fill('Rosalind');
        await desk.chat.input.fill('x'.repeat(160_000));
        await see(desk.chat.note).toContainText('fit at most');
      },
    },
    {
      name: 'chat-nick-refused',
      about: 'a nick that nobody could tell from another one',
      show: async (desk) => {
        await desk.chat.nick.fill('ann\u200b');
        await desk.chat.input.fill('What is wrong with my nick?');
        await see(desk.chat.nick).toHaveAttribute('aria-invalid', 'true');
      },
    },
    {
      name: 'store-unsupported',
      about: 'an engine that queries no stores says why',
      show: async (desk) => {
        await desk.goTo('Store');
        await see(desk.page.getByRole('main')).toContainText('UNSUPPORTED');
      },
    },
    {
      name: 'doctor',
      about: 'this machine: which engines can run, and what to do about the rest',
      show: async (desk) => {
        await desk.goTo('Doctor');
        await see(desk.doctor.headline).toContainText('Everything that is needed works');
      },
    },
    {
      name: 'node-stopped',
      about: 'stopped by hand: start is the next act',
      show: async (desk) => {
        await desk.goTo('Node');
        await desk.node.act('Stop');
        await desk.expectChip('stopped');
        await desk.toasts.getByRole('button', { name: 'Dismiss' }).first().click();
      },
    },
    {
      name: 'messages-stopped',
      about: 'the list of a stopped node',
      show: async (desk) => {
        await desk.goTo('Messages');
        await see(desk.messages.empty).toContainText('The node is stopped');
      },
    },
    {
      name: 'chat-stopped',
      about: 'a room of a stopped node: what was said stays, and why nothing can be sent',
      show: async (desk) => {
        await desk.goTo('Chat');
        await see(desk.chat.note).toContainText('The node is not running');
      },
    },
    {
      name: 'chat-empty-stopped',
      about: 'an empty room of a stopped node',
      show: async (desk) => {
        await desk.chat.addRoom('dogs');
        await see(desk.chat.empty).toContainText('The node is stopped');
      },
    },
    {
      name: 'node-failed',
      about: 'its port was taken meanwhile: why, and what helps',
      show: async (desk, { serve, takePort }) => {
        await takePort(Number(/tcp\/(\d+)/.exec(serve.address)?.[1]));
        await desk.goTo('Node');
        await desk.node.act('Start');
        await desk.expectChip('failed');
      },
    },
  ],
};
