// `npm run desktop`: the desktop application of this checkout. Arguments go to it.
import { spawn } from 'node:child_process';
import { DESKTOP_FOLDER } from '../desktop.mjs';
import { findElectron } from './find-electron.mjs';

const electron = await findElectron({ say: (text) => process.stderr.write(`${text}\n`) });
if ('missing' in electron) {
  process.stderr.write(`error: there is no Electron here. ${electron.missing}\n`);
  process.exit(6);
}
const app = spawn(electron.executable, [DESKTOP_FOLDER, ...process.argv.slice(2)], { stdio: 'inherit' });
app.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
