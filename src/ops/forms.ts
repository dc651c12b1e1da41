import { type Html, html } from './html.ts';

/** What was typed into a form that was turned down, and why. */
export interface FormFaults {
  /** Which form: the value of its hidden field `form`. */
  form: string;
  /** Sentences, each for one fault; none where what was typed is only to be shown again. */
  faults: readonly string[];
  /** By name of the field. */
  typed: Readonly<Record<string, string>>;
}

/** The faults of a form, above its fields. */
export function buildFaults(faults: FormFaults | null, form: string): Html | null {
  if (faults === null || faults.form !== form || faults.faults.length === 0) return null;
  return html`<div class="fault" role="alert">${faults.faults.map((fault) => html`<p>${fault}</p>`)}</div>`;
}

/** What a field holds: what was typed before a refusal, else `value`. */
export function typedOr(faults: FormFaults | null, form: string, name: string, value: string): string {
  return (faults?.form === form ? faults.typed[name] : undefined) ?? value;
}

/** The reason that every write carries. */
export function reasonField(id: string, typed = ''): Html {
  return html`<div class="field wide"><label for="${id}">Reason</label><input id="${id}" name="reason" required maxlength="500" value="${typed}" autocomplete="off" aria-describedby="${id}-hint"><small id="${id}-hint">Kept in the audit log. Name no person in it.</small></div>`;
}

/** Makes the same form sent twice one write. */
export function onceField(once: string): Html {
  return html`<input type="hidden" name="once" value="${once}">`;
}
