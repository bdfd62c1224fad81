import { hash } from 'node:crypto';

/** All kinds; what is kept on disk are their numbers. */
export const KINDS = ['source', 'test', 'docs', 'example', 'config', 'generated', 'data'] as const;

/** What a path is, told from its name alone. */
export type Kind = (typeof KINDS)[number];

export type Family =
  | 'python'
  | 'javascript'
  | 'typescript'
  | 'tsx'
  | 'java'
  | 'csharp'
  | 'go'
  | 'rust'
  | 'ruby'
  | 'php'
  | 'cpp'
  | 'bash'
  | 'powershell'
  | 'kotlin'
  | 'scala'
  | 'swift'
  | 'css'
  | 'markup'
  | 'prose'
  | 'config'
  | 'text';

const FAMILIES = new Map<string, Family>(
  Object.entries({
    py: 'python',
    pyi: 'python',
    pyx: 'python',
    pxd: 'python',
    pyw: 'python',
    js: 'javascript',
    mjs: 'javascript',
    cjs: 'javascript',
    jsx: 'javascript',
    es6: 'javascript',
    ts: 'typescript',
    mts: 'typescript',
    cts: 'typescript',
    tsx: 'tsx',
    vue: 'javascript',
    svelte: 'javascript',
    astro: 'javascript',
    java: 'java',
    groovy: 'java',
    gradle: 'java',
    cs: 'csharp',
    kt: 'kotlin',
    kts: 'kotlin',
    scala: 'scala',
    sc: 'scala',
    swift: 'swift',
    dart: 'java',
    go: 'go',
    rs: 'rust',
    rb: 'ruby',
    rake: 'ruby',
    php: 'php',
    ex: 'ruby',
    exs: 'ruby',
    lua: 'ruby',
    c: 'cpp',
    h: 'cpp',
    cc: 'cpp',
    hh: 'cpp',
    cpp: 'cpp',
    hpp: 'cpp',
    cxx: 'cpp',
    hxx: 'cpp',
    m: 'cpp',
    inl: 'cpp',
    ipp: 'cpp',
    tpp: 'cpp',
    cu: 'cpp',
    cuh: 'cpp',
    y: 'cpp',
    yy: 'cpp',
    l: 'cpp',
    ino: 'cpp',
    glsl: 'cpp',
    mm: 'cpp',
    zig: 'rust',
    sh: 'bash',
    bash: 'bash',
    zsh: 'bash',
    ps1: 'powershell',
    psm1: 'powershell',
    fs: 'text',
    fsx: 'text',
    vb: 'text',
    hs: 'text',
    ml: 'text',
    mli: 'text',
    elm: 'text',
    erl: 'text',
    hrl: 'text',
    clj: 'text',
    cljs: 'text',
    cljc: 'text',
    jl: 'text',
    r: 'text',
    f90: 'text',
    nim: 'text',
    cr: 'ruby',
    jq: 'text',
    awk: 'text',
    tcl: 'text',
    tf: 'text',
    nix: 'text',
    bzl: 'python',
    cmake: 'text',
    cshtml: 'markup',
    razor: 'markup',
    twig: 'markup',
    sql: 'text',
    proto: 'text',
    graphql: 'text',
    pl: 'ruby',
    pm: 'ruby',
    css: 'css',
    scss: 'css',
    less: 'css',
    sass: 'css',
    styl: 'css',
    html: 'markup',
    htm: 'markup',
    xml: 'markup',
    xhtml: 'markup',
    jinja: 'markup',
    jinja2: 'markup',
    j2: 'markup',
    ejs: 'markup',
    hbs: 'markup',
    erb: 'markup',
    swig: 'markup',
    pug: 'markup',
    tmpl: 'markup',
    jsp: 'markup',
    md: 'prose',
    mdx: 'prose',
    rst: 'prose',
    txt: 'prose',
    adoc: 'prose',
    json: 'config',
    jsonc: 'config',
    json5: 'config',
    yml: 'config',
    yaml: 'config',
    toml: 'config',
    ini: 'config',
    cfg: 'config',
    conf: 'config',
    properties: 'config',
  } as const),
);

const NAMED = new Map<string, Family>(
  Object.entries({
    makefile: 'text',
    dockerfile: 'text',
    rakefile: 'ruby',
    gemfile: 'ruby',
    jenkinsfile: 'java',
    'cmakelists.txt': 'text',
  } as const),
);

/** The language family by file name; `null` for names that are not text as far as one can tell. */
export function familyOf(path: string): Family | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const named = NAMED.get(name);
  if (named) return named;
  const dot = name.lastIndexOf('.');
  return dot > 0 ? (FAMILIES.get(name.slice(dot + 1)) ?? null) : null;
}

const TEST_FOLDER =
  /(^|\/)([Tt]ests|[Ss]pecs|__tests__|__mocks__|e2e|[Ff]ixtures?|testdata|test[-_](data|suite|fixtures|cases|projects?|apps?)|cypress|unit-?tests?|UnitTests|IntegrationTests|FunctionalTests|[\w.]+\.([A-Z]\w*)?(Tests?|Specs))\/|^(test|spec|testing|mocks)\/|(^|\/)src\/(test|test-\w+|(integration|functional|jvm|js|common|native|android)-?[tT]est|testFixtures)\/|(^|\/)(packages|modules|apps|crates|plugins|extensions)\/[^/]+\/(test|spec)\//;
const TEST_FILE =
  /(^|\/)(test_[^/]*|[^/]*_tests?|conftest|tests)\.py$|[._-](test|spec|e2e)(-d)?\.[cm]?[jt]sx?$|(^|\/)(test|tests|spec)\.[cm]?[jt]sx?$|_test\.go$|_(spec|test)\.rb$|(^|\/)test_[^/]*\.(rb|c|cc|cpp)$|[^/]_(unit)?test\.(c|cc|cpp|cxx)$|(^|\/)tests?\.rs$|(Tests?|IT|TestCase|Spec)\.(java|kt|scala|cs|groovy|php|swift)$/;
const TEST_FOLDER_JS = /(^|\/)(test|spec)\/.*\.([cm]?[jt]sx?|java|go|rs|rb|php|cs|c|cc|cpp|cxx|h|hpp|kt)$/;
/** Where the build keeps what it ships: a package named `test` in there tests nothing. */
const SHIPPED = /(^|\/)src\/main\//;
const DOCS =
  /(^|\/)(docs?|documentation|website|changelogs?|releasenotes)\/|(^|\/)(readme|changelog|changes|history|news|authors|license|contributing|upgrad\w*)[^/]*$/i;
const SOURCES = /(^|\/)(src|lib)\//;
const EXAMPLE =
  /(^|\/)(examples?|samples?|demos?|tutorials?|galleries|gallery|benchmarks?|bench|benches|asv_bench|playground|templates?[-_]project)\//i;
const GENERATED =
  /^(build|out|target)\/|^deps\/.*\.(c|cc|cpp|h|hpp)$|(^|\/)(dist|vendor|vendored|_vendor|third[-_]?party|3rdparty|single_include|node_modules|bower_components|extern|externals|\.yarn|generated|__generated__|__snapshots__)\/|(^|\/)(javadocs?|apidocs?|api-docs|typedoc|jsdoc)\/.*\.(html?|js|css)$|\.min\.(js|css)$|\.(bundle|generated|pb|g|designer)\.\w+$|_pb2\.pyi?$|(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|cargo\.lock|composer\.lock|gemfile\.lock|go\.sum)$|\.(snap|map|lock)$/i;

function isTest(path: string): boolean {
  if (SHIPPED.test(path)) return TEST_FILE.test(path) && !path.endsWith('IT.java');
  return TEST_FOLDER.test(path) || TEST_FILE.test(path) || TEST_FOLDER_JS.test(path);
}

/** The role of a file in its repository, by path. */
export function kindOf(path: string): Kind {
  if (GENERATED.test(path)) return 'generated';
  const family = familyOf(path);
  if (family === null) return 'data';
  if (isTest(path)) return 'test';
  if (EXAMPLE.test(path)) return 'example';
  if (family === 'prose' || (DOCS.test(path) && !(family !== 'markup' && /(^|\/)(src|lib)\//.test(path))))
    return 'docs';
  return family === 'config' ? 'config' : 'source';
}

/** Goes up when the functions above tell another kind by the same patterns. */
const LOGIC = 1;

/** Is another whenever `kindOf` or `familyOf` may say something else of a path: what was kept of them then no longer holds. */
export const RULES = hash(
  'sha1',
  JSON.stringify([
    LOGIC,
    KINDS,
    [...FAMILIES],
    [...NAMED],
    [TEST_FOLDER, TEST_FILE, TEST_FOLDER_JS, SHIPPED, DOCS, SOURCES, EXAMPLE, GENERATED].map(String),
  ]),
);
