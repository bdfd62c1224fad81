import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What a check may need of its user's environment, and nothing else. */
const ALLOWED: readonly RegExp[] = [
  /^(PATH|HOME|SHELL|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TZDIR|TERM|COLORTERM|NO_COLOR|TMPDIR|TMP|TEMP|CI)$/,
  /^XDG_(CACHE|CONFIG|DATA|STATE)_(HOME|DIRS)$/,
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|DYLD_FALLBACK_LIBRARY_PATH|PKG_CONFIG_PATH|CPATH|LIBRARY_PATH)$/,
  /^(CC|CXX|CPP|AR|LD|CFLAGS|CPPFLAGS|CXXFLAGS|LDFLAGS|SOURCE_DATE_EPOCH|SSL_CERT_(FILE|DIR)|NIX_\w+)$/,
  /^(NODE_(PATH|ENV|ICU_DATA|EXTRA_CA_CERTS)|NVM_\w+|FNM_\w+|VOLTA_HOME|N_PREFIX|PNPM_HOME|BUN_INSTALL|DENO_DIR)$/,
  /^(PYTHON(PATH|HOME|UTF8|IOENCODING|HASHSEED|DONTWRITEBYTECODE|UNBUFFERED|NOUSERSITE|USERBASE|WARNINGS)|PYENV(_\w+)?)$/,
  /^(VIRTUAL_ENV|CONDA_(PREFIX|EXE|DEFAULT_ENV|PYTHON_EXE|SHLVL)|DJANGO_SETTINGS_MODULE|PYTEST_(ADDOPTS|PLUGINS))$/,
  /^(GO(PATH|ROOT|CACHE|MODCACHE|FLAGS|BIN|TOOLCHAIN|WORK|OS|ARCH|TMPDIR|111MODULE|EXPERIMENT)|CGO_\w+)$/,
  /^(CARGO_(HOME|TARGET_DIR|BUILD_TARGET|BUILD_JOBS|INCREMENTAL)|RUSTUP_(HOME|TOOLCHAIN)|RUST_BACKTRACE|RUSTFLAGS)$/,
  /^(JAVA_HOME|JDK_HOME|M2_HOME|MAVEN_HOME|GRADLE_(HOME|USER_HOME)|ANDROID_(HOME|SDK_ROOT)|SDKMAN_(DIR|CANDIDATES_DIR))$/,
  /^(RBENV_\w+|GEM_(HOME|PATH)|BUNDLE_(PATH|GEMFILE)|RUBYLIB|DOTNET_(ROOT|CLI_HOME)|COMPOSER_HOME|ASDF_\w+|MISE_\w+)$/,
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|USERPROFILE)$/i,
];

const SECRET_NAME =
  /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|(^|_)(PASS|PW|PWD)(_|$)|AUTH|CREDENTIAL|COOKIE|PRIVATE|SIGNATURE/i;
const PASSWORD_IN_URL = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/**
 * The environment in which commands of the user run: names from an allow-list, without any that looks like a secret
 * and without URLs that carry a password. `extra` are exact names that the user asked for by name; they pass as they are.
 */
export function checkEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
  extra: readonly string[] = [],
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined) continue;
    if (extra.includes(name) || (isAllowed(name) && !PASSWORD_IN_URL.test(value))) environment[name] = value;
  }
  if (environment.PATH !== undefined) environment.PATH = shellPath(environment.PATH, source);
  return environment;
}

/** Whether a variable's name says that its value is a secret. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * The PATH as the user's shell has it: without what npm put in front of it because it runs a script of the package at
 * `packageRoot` (that package's binaries, a `node` among them, those of the folders above, and node-gyp), or because
 * npx runs it from its cache. Binaries that npm added for a project of the user stay: its scripts expect them.
 */
export function shellPath(
  path: string,
  source: Readonly<Record<string, string | undefined>>,
  packageRoot: string = PACKAGE_ROOT,
): string {
  const ownScript = source.npm_package_json === join(packageRoot, 'package.json');
  const added = new Set(ownScript ? binFoldersFrom(packageRoot) : []);
  const isAdded = (entry: string) => added.has(entry) || (ownScript && NODE_GYP.test(entry)) || NPX_BIN.test(entry);
  const entries = path.split(delimiter);
  const first = entries.findIndex((entry) => !isAdded(entry));
  return first === -1 ? path : entries.slice(first).join(delimiter);
}

const NODE_GYP = /[\\/]node-gyp-bin[\\/]?$/;
const NPX_BIN = /[\\/]_npx[\\/][^\\/]+[\\/]node_modules[\\/]\.bin$/;

function isAllowed(name: string): boolean {
  return !looksSecret(name) && ALLOWED.some((pattern) => pattern.test(name));
}

/** `node_modules/.bin` of a folder and of every folder above it, as npm adds them. */
function binFoldersFrom(folder: string): string[] {
  const bin = join(folder, 'node_modules', '.bin');
  const parent = dirname(folder);
  return parent === folder || folder === sep ? [bin] : [bin, ...binFoldersFrom(parent)];
}
