import { styleText } from 'node:util';
import type { ConfigFault } from './config-fault.ts';
import type { SettingSource } from './setting-sources.ts';

export interface FormatOptions {
  /** Colour, for terminals only. Default false. */
  color?: boolean;
}

/** One line for each fault: where, what was expected, what was found, and what to do where that is known. */
export function formatFaults(faults: readonly ConfigFault[], options: FormatOptions = {}): string {
  const paint = painter(options);
  return faults
    .map(({ where, line, expected, found, hint }) => {
      const place = line === undefined ? where : `${where} (line ${line})`;
      const tail = hint === undefined ? '' : ` (${hint})`;
      return `${paint('red', place)}: expected ${expected}; found ${found}${paint('dim', tail)}\n`;
    })
    .join('');
}

/** The faults as a JSON document. */
export function formatFaultsJson(faults: readonly ConfigFault[]): string {
  return `${JSON.stringify({ ok: false, faults }, null, 2)}\n`;
}

/** Every setting with its value and source, in columns. Secrets are masked already. */
export function formatSettings(
  sources: Readonly<Record<string, SettingSource>>,
  options: FormatOptions = {},
): string {
  const paint = painter(options);
  const rows = Object.entries(sources).map(([setting, { value, source }]) => ({
    setting,
    text: words(value),
    source,
  }));
  const settingWidth = Math.max(...rows.map((row) => row.setting.length));
  // One long list must not push all sources out of sight.
  const textWidth = Math.min(48, Math.max(...rows.map((row) => row.text.length)));
  return rows
    .map(({ setting, text, source }) => {
      const name = setting.padEnd(settingWidth);
      return `${name}  ${text.padEnd(textWidth)}  ${source === 'default' ? paint('dim', source) : source}\n`;
    })
    .join('');
}

/** The same as a JSON document. */
export function formatSettingsJson(
  sources: Readonly<Record<string, SettingSource>>,
  demo: boolean,
  notices: readonly string[],
): string {
  return `${JSON.stringify({ ok: true, demo, settings: sources, notices }, null, 2)}\n`;
}

function words(value: SettingSource['value']): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(words).join(', ');
  if (value === null) return 'none';
  // A line end in a value would break the columns, and the terminal's trust in them.
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
}

function painter({ color = false }: FormatOptions): (style: 'red' | 'dim', text: string) => string {
  return (style, text) => (color && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}
