import { z } from 'zod';
import { EVIDENCE_SOURCES, SIGNALS } from '../domain/signal.ts';
import { count, countBy, dollars, instant, monthName, nextCursor, text } from './fields.ts';

/** What operators send and get when they steer. See `contract.ts` for what these schemas are good for. */

const WHOLE_MAX = 1_000_000_000;
/** The ledger reads all limits whenever newcomers come. */
const NAMES_MAX = 1_000;

export const reasonSchema = text(500, 'Why; kept in the audit log. Name no person in it.').refine(
  (reason) => reason.trim() !== '',
  'Must not be blank.',
);

const limit = z
  .int('Must be a whole number.')
  .min(0, 'Must not be negative.')
  .max(WHOLE_MAX, `Must be at most ${WHOLE_MAX}.`);

function limitsBy(what: string) {
  const name = text(128, what);
  return z
    .record(name, limit)
    .refine((limits) => Object.keys(limits).length <= NAMES_MAX, `Must have at most ${NAMES_MAX} names.`);
}

const mode = z.enum(['off', 'warn', 'block'], { error: 'Must be one of off, warn, block.' });

const spikeGuard = z.strictObject({
  factor: z.number().gt(1, 'Must be above 1.').max(1000, 'Must be at most 1000.'),
  minimum: z.int('Must be a whole number.').min(1, 'Must be at least 1.').max(WHOLE_MAX),
  mode: z.enum(['warn', 'block'], { error: 'Must be one of warn, block.' }),
});

const budgetFields = {
  limit: limit.nullable().meta({ description: 'Identities a month for the whole service; null: no limit.' }),
  mode: mode.meta({ description: '`warn` admits everybody and counts whom `block` would refuse.' }),
  classes: limitsBy('Name of a configured class.').default({}).meta({ description: 'Limits by class.' }),
  tenants: limitsBy('Tenant; `*` holds for every tenant without a limit of its own.')
    .default({})
    .meta({ description: 'Limits by tenant.' }),
  reserve: limitsBy('Name of a configured class.')
    .default({})
    .meta({ description: 'Places of `limit` that are kept for a class.' }),
  thresholds: z
    .array(z.int('Must be a whole number.').min(1, 'Must be 1 to 100.').max(100, 'Must be 1 to 100.'))
    .max(10, 'Must have at most 10 entries.')
    .default([50, 80, 90, 100])
    .meta({ description: 'Percent of a limit at which an alert is due, rising.' }),
  spikeGuard: spikeGuard
    .nullable()
    .default(null)
    .meta({ description: 'At most `factor` × the mean hour of the month, never fewer than `minimum`.' }),
};

/** A budget without anything about the write. */
export const trialBudgetSchema = z.strictObject(budgetFields).meta({ id: 'TrialBudget' });

/** What `GET /v1/budget` tells beside the budget; a `PUT` of the same document passes over it. */
const told = z.unknown().optional().meta({ description: 'Of the answer; passed over.' });

export const budgetWriteSchema = z
  .strictObject({
    ...budgetFields,
    reason: reasonSchema,
    ...{ service: told, month: told, source: told, effective: told, used: told, usedByClass: told },
    ...{ usedByTenant: told, remaining: told, raises: told, frozenSince: told },
  })
  .meta({
    id: 'BudgetWrite',
    example: { limit: 5000, mode: 'block', reserve: { agent: 20 }, reason: 'Contract of 2027' },
  });

const SCOPE = 'Must be all, class:<name> or tenant:<name>.';

export const raiseScope = z
  .union(
    [z.literal('all'), z.templateLiteral(['class:', z.string()]), z.templateLiteral(['tenant:', z.string()])],
    {
      error: SCOPE,
    },
  )
  .refine((scope) => scope.length <= 140 && scope !== 'tenant:*', SCOPE)
  .meta({ description: 'Which limit: `all`, `class:<name>` or `tenant:<name>`.' });

const raised = z
  .int('Must be a whole number.')
  .min(1, 'Must be at least 1.')
  .max(WHOLE_MAX, `Must be at most ${WHOLE_MAX}.`)
  .meta({ description: 'Added to the limit.' });

export const raiseWriteSchema = z
  .strictObject({
    identities: raised,
    expiresAt: z.iso
      .datetime({ offset: true, error: 'Must be an ISO-8601 instant with a zone.' })
      .meta({ description: 'In the future, no later than the end of the month.' }),
    budget: raiseScope.default('all'),
    reason: reasonSchema,
  })
  .meta({
    id: 'RaiseWrite',
    example: { identities: 500, expiresAt: '2026-11-27T00:00:00Z', reason: 'Sale of the week' },
  });

export const raiseSchema = z
  .object({
    ...{ id: z.string(), month: monthName, budget: z.string(), identities: count },
    ...{ createdAt: instant, expiresAt: instant, inForce: z.boolean(), reason: z.string(), by: z.string() },
  })
  .meta({ id: 'Raise' });

export const raisesAnswerSchema = z
  .object({ raises: z.array(raiseSchema).meta({ description: 'Of the month, also expired ones.' }) })
  .meta({ id: 'RaisesAnswer' });

export const budgetAnswerSchema = z
  .object({
    service: z.string(),
    month: monthName,
    limit: count.nullable(),
    mode,
    classes: countBy('Limits by class.'),
    tenants: countBy('Limits by tenant.'),
    reserve: countBy('Places kept by class.'),
    thresholds: z.array(z.int()),
    spikeGuard: spikeGuard.nullable(),
    source: z.enum(['configured', 'operator']).meta({
      description: '`operator` once one has set a budget; the configuration no longer matters then.',
    }),
    effective: z
      .object({ limit: count.nullable(), classes: countBy('By class.'), tenants: countBy('By tenant.') })
      .meta({ description: 'The limits with the raises in force.' }),
    used: count,
    usedByClass: countBy('Of classes with a limit or places kept.'),
    usedByTenant: countBy('Of tenants with a limit of their own.'),
    remaining: count.nullable(),
    raises: z.array(raiseSchema).meta({ description: 'Those in force.' }),
    frozenSince: instant.nullable(),
  })
  .meta({ id: 'Budget' });

/** A write that says nothing but why. */
export const reasonWriteSchema = z.strictObject({ reason: reasonSchema }).meta({ id: 'ReasonWrite' });

/** What an operator may say about an act that only reads elsewhere and is written down all the same. */
export const reasonGivenSchema = z
  .strictObject({ reason: reasonSchema.optional() })
  .meta({ id: 'ReasonGiven', example: { reason: 'Invoice of November' } });

export const freezeAnswerSchema = z
  .object({ service: z.string(), month: monthName, frozen: z.boolean(), since: instant.nullable() })
  .meta({ id: 'Freeze' });

export const blockAnswerSchema = z
  .object({
    service: z.string(),
    identity: z.string(),
    blocked: z.boolean(),
    known: z.boolean().optional().meta({
      description: 'False when no month that is kept has counted this identity and nobody is linked with it.',
    }),
  })
  .meta({ id: 'Block' });

export const identityPageSchema = z
  .object({
    identity: z.string(),
    service: z.string(),
    blocked: z.boolean(),
    links: z.object({ servedAs: z.string().nullable(), servedFor: z.string().nullable() }),
    months: z.array(
      z.object({
        ...{ month: monthName, class: z.string(), tenant: z.string().nullable() },
        ...{ firstSeen: instant, lastSeen: instant, mints: count },
        signals: z.array(
          z.object({ signal: z.enum(SIGNALS), firstAt: instant, source: z.enum(EVIDENCE_SOURCES) }),
        ),
      }),
    ),
  })
  .meta({ id: 'IdentityPage' });

export const importReportSchema = z
  .object({
    service: z.string(),
    dryRun: z.boolean(),
    rows: count.meta({ description: 'Lines read.' }),
    linked: count.meta({ description: 'Links written, or with `dryRun` those that would be.' }),
    unchanged: count.meta({ description: 'Rows that were so already.' }),
    faultsTotal: count,
    faults: z
      .array(z.object({ line: count, column: z.string().nullable(), detail: z.string() }))
      .meta({ description: 'The first 1000, in the order of lines.' }),
  })
  .meta({ id: 'ImportReport' });

export const auditPageSchema = z
  .object({
    items: z.array(
      z.object({
        ...{ id: z.string(), at: instant, by: z.string(), role: z.string(), action: z.string() },
        ...{ target: z.string(), before: z.unknown(), after: z.unknown() },
        ...{ reason: z.string(), requestId: z.string() },
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'AuditPage' });

export const duplicatesAnswerSchema = z
  .object({
    ...{ month: monthName, service: z.string(), asOf: instant },
    surplus: count.meta({ description: 'Identities beyond the first of each group.' }),
    cost: z.object({ currency: z.literal('USD'), amount: dollars, table: z.string() }),
    groups: count,
    items: z
      .array(z.object({ kind: z.enum(['merge', 'spelling']), identities: z.array(z.string()) }))
      .meta({ description: 'The first 1000 groups.' }),
  })
  .meta({ id: 'Duplicates' });

export type BudgetAnswer = z.infer<typeof budgetAnswerSchema>;
export type FreezeAnswer = z.infer<typeof freezeAnswerSchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;
export type IdentityPageAnswer = z.infer<typeof identityPageSchema>;
export type ImportReportAnswer = z.infer<typeof importReportSchema>;
