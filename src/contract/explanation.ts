import { z } from 'zod';
import { count, instant, monthName, text } from './fields.ts';

/** What an explanation is asked and answers. */

const flag = z.boolean({ error: 'Must be true or false.' }).optional();

export const explanationRequestSchema = z
  .strictObject({
    issuer: text(512, 'The authority whose claims these are, as configured.'),
    claims: z
      .record(z.string(), z.unknown(), { error: 'Must be an object.' })
      .meta({ description: 'As a verified login of that issuer would hold them.' }),
    request: z.strictObject(
      {
        intent: text(64, 'What the token is for; a name of the configured policy.'),
        service: text(64, 'Name of the configured service; the one of the query unless told.').optional(),
        tabState: z
          .enum(['focused', 'visible', 'hidden'], { error: 'Must be one of focused, visible, hidden.' })
          .optional(),
        hints: z
          .strictObject({ prefetch: flag, crawler: flag, originMissing: flag })
          .optional()
          .meta({ description: 'What the headers would have said; all false unless told.' }),
        humanPassed: flag.meta({ description: 'As if a guest had passed the human check.' }),
      },
      { error: 'Must be an object.' },
    ),
  })
  .meta({
    id: 'ExplanationRequest',
    example: {
      issuer: 'https://login.example',
      claims: { sub: 'auth0|4711' },
      request: { intent: 'open_chat' },
    },
  });

const refusal = z
  .looseObject({ code: z.string(), detail: z.string() })
  .nullable()
  .meta({ description: 'With the numbers behind it; null: served.' });

export const explanationAnswerSchema = z
  .object({
    service: z.string(),
    asOf: instant,
    outcome: z.enum(['served', 'refused']),
    refusal,
    caller: z.object({ class: z.string(), tenant: z.string().nullable(), via: z.string() }).nullable(),
    person: z
      .object({
        own: z.string().meta({ description: 'Before links.' }),
        effective: z.string().nullable().meta({ description: 'Null: the ledger did not answer.' }),
        kind: z.enum(['own', 'pool']),
        blocked: z.boolean(),
        adopted: z.boolean(),
      })
      .nullable(),
    rule: z.string().nullable().meta({ description: 'The policy rule that answered.' }),
    shadow: z.array(z.string()).meta({ description: 'Rules in shadow that would have answered before it.' }),
    rules: z.array(
      z.object({
        rule: z.string(),
        verdict: z.enum(['passes', 'refuses', 'permits', 'not-reached']),
        shadow: z.boolean(),
        facts: z.record(z.string(), z.unknown()),
      }),
    ),
    months: z.array(
      z.object({
        month: monthName,
        known: z.boolean().meta({ description: 'Counted already, and so served whatever the budget.' }),
        reason: z.boolean(),
        frozenSince: instant.nullable(),
        mode: z.enum(['off', 'warn', 'block']).nullable(),
        checks: z.array(
          z.object({
            ...{ budget: z.string(), limit: count, used: count, reserved: count },
            ...{ passes: z.boolean(), blocks: z.boolean() },
          }),
        ),
        refusal,
      }),
    ),
    expiresAt: instant.nullable(),
    lookUp: z.boolean().meta({ description: 'Twilio would be asked for a reason to connect.' }),
  })
  .meta({ id: 'Explanation' });

export type ExplanationAnswer = z.infer<typeof explanationAnswerSchema>;
