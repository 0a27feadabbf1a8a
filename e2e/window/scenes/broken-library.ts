/** A node library that is none: what the doctor says. */
import { see } from '../desk-window.ts';
import type { WorldPlan } from './world.ts';

export const BROKEN_LIBRARY: WorldPlan = {
  name: 'broken library',
  args: [],
  library: 'broken',
  scenes: [
    {
      name: 'doctor-bad',
      about: 'a staged library that is none: what is bad comes first, and is counted in the side bar',
      show: async (desk) => {
        await desk.goTo('Doctor');
        await see(desk.doctor.headline).toHaveText('1 thing to repair');
      },
    },
    {
      name: 'doctor-details',
      about: 'the facts behind a finding',
      show: async (desk) => {
        await desk.doctor.finding('libgowaku').getByText('Details').click();
        await see(desk.doctor.finding('libgowaku')).toContainText(/libgowaku\.(so|dylib|dll)/);
      },
    },
    {
      name: 'node-engine',
      about: 'the choice of the engine: those that cannot run say why',
      show: async (desk) => {
        await desk.doctor.engines.getByRole('button', { name: 'Choose the engine' }).click();
        await see(desk.node.settings).toContainText('nwaku cannot run');
      },
    },
    {
      name: 'doctor-error',
      about: 'an examination that fails leaves the last report',
      show: async (desk, { serve }) => {
        await desk.goTo('Doctor');
        await serve.cli.terminate();
        await desk.doctor.again.click();
        await see(desk.doctor.problem).toContainText('HOST_DISCONNECTED');
      },
    },
  ],
};
