/** Which build this is: packaging writes it beside the app, a checkout is the harness. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PROFILE_NAMES, type ProfileName } from '../../core/engine/profiles.ts';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';

const buildSchema = z.object({
  profile: z.enum(PROFILE_NAMES),
  /** Made to be driven by tests: it takes the flags that open it to them. Never in a release. */
  testHooks: z.boolean().default(false),
});
export type Build = z.output<typeof buildSchema>;

/**
 * @param resources the folder of a packaged app; null for a checkout
 * @param wanted by flag, in a checkout only
 * @throws WakuDeskError FILE_FAILED, BAD_USE
 */
export function readBuild(resources: string | null, wanted: ProfileName | undefined): Build {
  if (resources === null) return { profile: wanted ?? 'harness', testHooks: true };
  const build = parse(join(resources, 'build.json'));
  if (wanted !== undefined && wanted !== build.profile)
    throw new WakuDeskError('BAD_USE', `This app is the build ${build.profile}; it cannot be ${wanted}.`, {
      operation: 'desktop.build',
      hint: 'Leave --profile out, or install the other build.',
    });
  return build;
}

function parse(file: string): Build {
  try {
    return buildSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new WakuDeskError(
      'FILE_FAILED',
      `${file} does not say which build this app is: ${describeCause(error)}.`,
      {
        operation: 'desktop.build',
        hint: 'Install the app again.',
      },
    );
  }
}

/** @throws WakuDeskError BAD_USE */
export function refuseHooks(hooks: readonly string[], { testHooks }: Build): void {
  const [first] = hooks;
  if (first === undefined || testHooks) return;
  throw new WakuDeskError('BAD_USE', `${first} is refused: it would open the app to other programs.`, {
    operation: 'desktop.flags',
    hint: 'Leave it out. Tests drive the app of a checkout, or a package that was made for them.',
  });
}
