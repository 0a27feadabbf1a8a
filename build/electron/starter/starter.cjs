// @ts-nocheck: on functions of Electron that have no types.
// Starts the application whose folder is the first argument, as Electron's own starter does, which the Electron for tests
// has lost: name, version and path are the application's.
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { app } = require('electron');

const argument = process.argv.slice(1).find((text) => !text.startsWith('-'));
if (argument === undefined) {
  process.stderr.write('usage: electron FOLDER\n');
  app.exit(2);
} else {
  const folder = resolve(argument);
  const { name, productName, version, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  app.setName(productName ?? name);
  app.setVersion(version);
  app.setAppPath(folder);
  require(join(folder, main));
}
