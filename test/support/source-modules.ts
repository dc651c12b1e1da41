import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { parseSync } from '@swc/core';

/** What a source file takes from elsewhere, read from its syntax tree, so that comments and texts do not count. */
export interface SourceModule {
  /** Below the folder that was read, with `/`, such as `domain/month.ts`. */
  path: string;
  lines: number;
  /** Own files that it imports, as their paths; type imports included. */
  files: string[];
  /** Packages that it imports by their names, built-in ones as `node:fs`. */
  packages: string[];
  /** Of the things only some files may touch, those it does: `process.env`, `process.exit`, `the system clock`. */
  touches: string[];
}

type SyntaxNode = Record<string, unknown> & { type?: string };

export function readSourceModules(folder: string): SourceModule[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) =>
      readSourceModule(file.slice(folder.length + 1).replaceAll(sep, '/'), readFileSync(file, 'utf8')),
    );
}

/** @param path of the file, with `/`, against which its relative imports are resolved */
export function readSourceModule(path: string, text: string): SourceModule {
  const tree = parseSync(text, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2023' });
  const specifiers = new Set<string>();
  const touches = new Set<string>();
  walk(tree as unknown as SyntaxNode, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== null) specifiers.add(specifier);
    const touched = touchedBy(node);
    if (touched !== null) touches.add(touched);
  });
  const relative = [...specifiers].filter((specifier) => specifier.startsWith('.'));
  const others = [...specifiers].filter((specifier) => !specifier.startsWith('.'));
  return {
    path,
    lines: text.replace(/\n$/, '').split('\n').length,
    files: relative.map((specifier) => posix.join(posix.dirname(path), specifier)),
    packages: others.map(packageOf),
    touches: [...touches],
  };
}

function walk(node: unknown, visit: (node: SyntaxNode) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit);
    return;
  }
  visit(node as SyntaxNode);
  for (const child of Object.values(node)) walk(child, visit);
}

/** `import … from`, `export … from`, `import()`, `require()`, and `import('…')` as a type. */
function specifierOf(node: SyntaxNode): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return textOf(node['source']);
    case 'TsImportType':
      return textOf(node['argument']);
    case 'CallExpression': {
      const callee = node['callee'] as SyntaxNode;
      const imports = callee.type === 'Import' || isName(callee, 'require');
      const [first] = node['arguments'] as { expression: SyntaxNode }[];
      return imports ? textOf(first?.expression) : null;
    }
    default:
      return null;
  }
}

function touchedBy(node: SyntaxNode): string | null {
  const isDate = isName(node['callee'], 'Date');
  const noArguments = !(node['arguments'] as unknown[] | null | undefined)?.length;
  if (node.type === 'NewExpression' && isDate && noArguments) return 'the system clock';
  // Called as a function, Date ignores its arguments.
  if (node.type === 'CallExpression' && isDate) return 'the system clock';
  if (node.type === 'VariableDeclarator' && isName(node['init'], 'process')) return 'process.env';
  if (node.type !== 'MemberExpression') return null;

  const object = node['object'] as SyntaxNode;
  const property = node['property'] as SyntaxNode;
  const isProcess = isName(object, 'process') || isName(object['property'], 'process');
  if (isProcess && isName(property, 'env')) return 'process.env';
  if (isProcess && isName(property, 'exit')) return 'process.exit';
  return isName(object, 'Date') && isName(property, 'now') ? 'the system clock' : null;
}

function isName(node: unknown, name: string): boolean {
  const { type, value } = (node ?? {}) as SyntaxNode;
  return type === 'Identifier' && value === name;
}

function textOf(node: unknown): string | null {
  const { type, value } = (node ?? {}) as SyntaxNode;
  return type === 'StringLiteral' ? String(value) : null;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
