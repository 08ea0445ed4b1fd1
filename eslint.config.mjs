import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, globalIgnores } from "eslint/config";
import nextCoreWebVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

const root = path.dirname(fileURLToPath(import.meta.url));

const domain = ["lib/usecases", "lib/core", "lib/config", "lib/store", "zod", "node"];
const server = [
  ...domain,
  "lib/api",
  "lib/jobs/definitions",
  "lib/jobs/queue",
  "next",
  "react",
  "server-only",
];
const app = [
  "components",
  "lib/core",
  "lib/server",
  "next",
  "react",
  "@tanstack/react-query",
  "lucide-react",
  "zod",
];

/**
 * Who may import what, besides itself: folders and files of the project, npm packages, and "node" for all of Node.js.
 * Everything not listed is an error. The longest matching name decides; tests and prisma may import anything.
 */
const mayImport = {
  "lib/core": ["zod"],
  "lib/config": ["lib/core", "zod", "node"],
  "lib/prompts": ["lib/core"],
  "lib/environments": ["lib/core", "lib/config", "zod", "node"],
  "lib/policies": ["lib/core", "lib/config", "lib/prompts", "openai", "zod", "node"],
  "lib/importers": [
    ...["lib/core", "lib/prompts", "zod", "node"],
    ...["fzstd", "hyparquet", "hyparquet-compressors"],
  ],
  "lib/exporters": ["lib/core", "lib/prompts", "hyparquet-writer", "zod", "node"],
  "lib/trainers": ["lib/core", "lib/config", "openai", "zod", "node"],
  "lib/store": ["lib/core", "lib/config", "@prisma", "pg", "zod", "node"],
  "lib/jobs": [
    "lib/core",
    "lib/config",
    "lib/store",
    "lib/environments",
    "lib/policies",
    "lib/trainers",
    "lib/exporters",
    "pg-boss",
    "zod",
    "node",
  ],
  // What a download is made of, written to a file instead.
  "lib/jobs/handlers/prepare-export": [
    ...["lib/core", "lib/config", "lib/exporters", "lib/usecases/exports", "node"],
  ],
  "lib/usecases": [
    ...[
      "lib/core",
      "lib/config",
      "lib/jobs/definitions",
      "lib/environments/registry",
      "lib/policies/registry",
      "lib/trainers/registry",
    ],
    ...["lib/importers", "lib/exporters", "lib/prompts", "zod", "node"],
  ],
  "lib/api": ["lib/usecases", "lib/core", "zod", "node"],
  "lib/server": server,
  "lib/server/deps": [
    ...server,
    "lib/environments/registry",
    "lib/policies/registry",
    "lib/trainers/registry",
  ],
  "lib/cli": [...domain, "lib/jobs", "lib/environments", "lib/policies", "lib/trainers"],
  "lib/launch": ["pg", "esbuild", "node"],
  components: [
    ...["lib/core", "react", "recharts", "next/link"],
    ...["@base-ui/react", "@tanstack/react-virtual", "lucide-react", "diff"],
  ],
  app,
  "app/layout": [...app, "@fontsource-variable/inter", "@fontsource-variable/jetbrains-mono"],
  proxy: ["next"],
};

const isWithin = (name, whole) => name === whole || name.startsWith(`${whole}/`);
const withoutExtension = (file) => file.replace(/\.(d\.)?[cm]?[jt]sx?$/, "");

function projectName(file) {
  return withoutExtension(path.relative(root, file).split(path.sep).join("/"));
}

function targetOf(specifier, importer) {
  if (isBuiltin(specifier)) return "node";
  if (specifier.startsWith("@/")) return withoutExtension(specifier.slice(2));
  if (specifier.startsWith(".")) return projectName(path.resolve(path.dirname(importer), specifier));
  return specifier;
}

const boundaries = {
  meta: {
    type: "problem",
    messages: {
      forbidden: "{{zone}} may not import {{target}}: see mayImport in eslint.config.mjs",
      unknowable: "{{zone}} may only import what is named by a literal",
    },
    schema: [],
  },
  create(context) {
    const name = projectName(context.filename);
    const zones = Object.keys(mayImport).filter((each) => isWithin(name, each));
    const zone = zones.sort((a, b) => b.length - a.length)[0];
    if (!zone) return {};
    const home = zones.at(-1);
    const check = (source) => {
      if (!source) return;
      if (typeof source.value !== "string") {
        // The launcher asks for the package of the platform it finds itself on.
        if (zone !== "lib/launch") context.report({ node: source, messageId: "unknowable", data: { zone } });
        return;
      }
      const target = targetOf(source.value, context.filename);
      if (isWithin(target, home) || mayImport[zone].some((each) => isWithin(target, each))) return;
      context.report({ node: source, messageId: "forbidden", data: { zone, target } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSImportEqualsDeclaration: (node) => check(node.moduleReference.expression),
    };
  },
};

const functionLines = (max) => ({
  "max-lines-per-function": ["error", { max, skipBlankLines: true, skipComments: true }],
});

export default defineConfig([
  globalIgnores(["lib/store/generated/", ".next/", ".data/", "next-env.d.ts", "test-results/", "coverage/"]),
  ...nextCoreWebVitals,
  ...nextTypescript,
  {
    plugins: { gleaner: { rules: { boundaries } } },
    rules: {
      "gleaner/boundaries": "error",
      "max-lines": ["error", 300],
      "prefer-const": "error",
    },
  },
  {
    files: ["**/*.{ts,tsx,mts}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  { files: ["lib/**"], rules: functionLines(60) },
  { files: ["app/**/*.tsx", "components/**/*.tsx"], rules: functionLines(120) },
  { files: ["lib/core/**"], rules: { "max-lines": ["error", 150], ...functionLines(40) } },
  {
    // The domain reads no clock, no randomness, no environment: its caller passes `at` and `seed`.
    files: ["lib/core/**", "lib/prompts/**"],
    rules: {
      "no-restricted-globals": ["error", "process", "crypto", "performance"],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Pass the time in." },
        { object: "Math", property: "random", message: "Pass a seed in." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Pass the time in." },
      ],
    },
  },
  {
    // Declarations without logic: the ports, and the rows one of them reads and writes.
    files: ["lib/core/ports.ts", "lib/core/rows.ts", "lib/core/store.ts"],
    rules: { "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }] },
  },
  {
    // Fixtures of tests may be called `use…`; nothing there is a component.
    files: ["tests/**"],
    rules: { "react-hooks/rules-of-hooks": "off" },
  },
]);
