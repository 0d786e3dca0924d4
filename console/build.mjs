// The Maven build's step, done only where something it depends on has changed: `npm ci` and the bundle,
// and with the argument `check` the types, the tests and the size before it. Where the packages cannot be
// had, it says so and leaves the console out.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_LEAST = 20;
const here = fileURLToPath(new URL('.', import.meta.url));
const site = join(here, 'target', 'site');
const checks = process.argv[2] === 'check';
const built = join(here, 'target', 'built.sha256');
const checked = join(here, 'target', 'checked.sha256');
const installed = join(here, 'node_modules', '.brume.sha256');
// Windows has no `npm` but a script around it.
const windows = process.platform === 'win32';

function files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}

function digest(...paths) {
  const hash = createHash('sha256').update(process.version);
  for (const file of paths.flatMap((path) => files(join(here, path)))) {
    hash.update(file.slice(here.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function same(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

function say(line) {
  console.log(`console: ${line}`);
}

function run(what, command, args) {
  say(what);
  const done = spawnSync(command, args, { cwd: here, encoding: 'utf8', shell: windows });
  if (done.status !== 0) {
    process.stdout.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}\n`);
  }
  return done.status === 0;
}

function npm(what, script) {
  if (!run(what, 'npm', ['run', '--silent', script])) {
    rmSync(built, { force: true });
    process.exit(1);
  }
}

function leaveOut(why) {
  say(`${why}; built without the web console`);
  rmSync(site, { recursive: true, force: true });
  rmSync(built, { force: true });
  process.exit(0);
}

const sources = digest(
  '../openapi.yaml',
  'src',
  'public',
  'scripts',
  'index.html',
  'build.mjs',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
);
const isBuilt = same(built, sources) && existsSync(join(site, 'index.html'));
const isChecked = !checks || same(checked, sources);
if (isBuilt && isChecked) {
  say('nothing has changed since it was built');
  process.exit(0);
}
if (Number(process.versions.node.split('.')[0]) < NODE_LEAST) {
  leaveOut(`Node.js ${NODE_LEAST} or newer is needed and ${process.version} is here`);
}
const packages = digest('package-lock.json');
if (!same(installed, packages)) {
  if (!run('fetching packages (npm ci, once)', 'npm', ['ci', '--no-audit', '--no-fund'])) {
    leaveOut('its packages could not be fetched');
  }
  writeFileSync(installed, packages);
}
if (!isChecked) {
  mkdirSync(join(here, 'target', 'types'), { recursive: true });
  npm('types from openapi.yaml', 'types');
  npm('checking types', 'check');
  npm('testing', 'test');
}
if (!isBuilt) {
  npm('bundling', 'bundle');
  writeFileSync(built, sources);
}
if (checks) {
  npm('measuring the first load', 'size');
  writeFileSync(checked, sources);
}
say('done');
