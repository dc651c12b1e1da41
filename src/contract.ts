import { z } from 'zod';
import { count, countBy, dollars, instant, monthName, nextCursor, text } from './contract/fields.ts';
import { SIGNALS } from './domain/signal.ts';

/**
 * What the outside world sends and gets, as schemas: requests are validated with them, the OpenAPI document is
 * built from them, and handlers and clients take their types from them. Names are fixed; fields may be added.
 */

export const tokenRequestSchema = z
  .strictObject({
    intent: text(64, 'What the token is for; a name of the configured policy.'),
    service: text(64, 'Name of the configured service; `default` unless told.').optional(),
    tabState: z
      .enum(['focused', 'visible', 'hidden'], { error: 'Must be one of focused, visible, hidden.' })
      .optional()
      .meta({ description: 'What the tab that asks looks like to its user.' }),
    device: text(64, 'A label for the log; decides nothing.').optional(),
    humanToken: text(4096, 'Proof of a human, where the policy asks for one.').optional(),
  })
  .meta({ id: 'TokenRequest', example: { intent: 'open_chat', tabState: 'focused' } });

export const tokenAnswerSchema = z
  .object({
    token: z.string().meta({ description: 'Twilio access token, a JWT.' }),
    identity: z.string().meta({ description: 'The Twilio identity that the token is for.' }),
    expiresAt: instant,
    refreshAt: instant.meta({
      description:
        'When to ask again: iat + min(0.8 × life, life − 210 s), in whole seconds. Of a life below 300 s, which a token ' +
        'may have at the turn of a month: iat + 0.8 × life.',
    }),
    serverTime: instant.meta({ description: 'The gateway’s clock, to correct the client’s own.' }),
    serviceSid: z.string(),
    region: z.string().nullable(),
    outcome: z
      .enum(['minted', 'reused'])
      .meta({ description: '`reused`: the very same token as before; nothing was minted.' }),
    month: monthName.meta({ description: 'Month of the token’s `iat`.' }),
    firstThisMonth: z.boolean(),
    demo: z
      .literal(true)
      .optional()
      .meta({ description: 'Present in demo mode only: the token is worthless.' }),
  })
  .meta({ id: 'TokenAnswer' });

export const monthSummarySchema = z
  .object({
    month: monthName,
    service: z.string(),
    asOf: instant,
    identities: z.object({
      total: count,
      new: count,
      returning: count.meta({ description: 'Also present in the previous month.' }),
      byClass: countBy('Identities by class.'),
      bySignal: z
        .record(z.enum(SIGNALS), count)
        .meta({ description: 'Identities by what they were seen to do; one may do several things.' }),
    }),
    activeUsers: z.object({
      low: count,
      high: count,
      rules: z.string().meta({ description: 'Version of the counting rules behind the two figures.' }),
      unit: z.enum(['identities', 'conversations']).meta({ description: 'What these rules bill.' }),
    }),
    mints: z.object({
      minted: count,
      reused: count,
      refused: countBy('Refusals by code.'),
      shadow: countBy('By rule: what a rule in shadow, or a budget that only warns, would have refused.'),
    }),
    budget: z
      .object({
        limit: count.meta({ description: 'Identities a month for the whole service, with raises.' }),
        raised: count.meta({ description: 'The part of the limit that is a temporary raise.' }),
        used: count.meta({ description: 'The whole set; evidence may lift it above the limit.' }),
        remaining: count,
        overByEvidence: count,
        mode: z.enum(['off', 'warn', 'block']),
      })
      .nullable()
      .meta({
        description: 'Null without a limit for the whole service, also where classes or tenants have one.',
      }),
    cost: z
      .object({
        currency: z.literal('USD'),
        low: dollars,
        high: dollars,
        table: z.string().meta({ description: 'Name of the price table.' }),
      })
      .optional()
      .meta({ description: 'Absent for the role viewer.' }),
  })
  .meta({ id: 'MonthSummary' });

export const monthsAnswerSchema = z
  .object({ months: z.array(monthSummarySchema).meta({ description: 'Newest first.' }) })
  .meta({ id: 'MonthsAnswer' });

export const dayRowSchema = z
  .object({
    day: z.iso.date(),
    new: countBy('Identities first seen this month on this day, by class.'),
    minted: count,
    reused: count,
    refused: countBy('Refusals by code.'),
    cumulative: count.meta({ description: 'Identities of the month up to and with this day.' }),
  })
  .meta({ id: 'DayRow' });

export const daysAnswerSchema = z
  .object({ days: z.array(dayRowSchema).meta({ description: 'One row for every day so far.' }) })
  .meta({ id: 'DaysAnswer' });

export const identityRowSchema = z
  .object({
    identity: z.string(),
    class: z.string(),
    firstSeen: instant,
    lastSeen: instant,
    mints: count,
    signals: z.array(z.enum(SIGNALS)),
  })
  .meta({ id: 'IdentityRow' });

export const identitiesPageSchema = z
  .object({ items: z.array(identityRowSchema), nextCursor })
  .meta({ id: 'IdentitiesPage' });

export const mintRowSchema = z
  .object({
    id: z.string(),
    at: instant,
    identity: z.string(),
    class: z.string(),
    subject: z
      .string()
      .meta({ description: 'The person’s own identity; differs from `identity` after a link.' }),
    intent: z.string(),
    outcome: z.string(),
    expiresAt: instant,
    rule: z.string(),
    first: z.boolean().meta({ description: 'Whether this mint brought the identity into the month.' }),
  })
  .meta({ id: 'MintRow' });

export const mintsPageSchema = z
  .object({ items: z.array(mintRowSchema), nextCursor })
  .meta({ id: 'MintsPage' });

/** RFC 9457. Codes carry members of their own beside these; `/problems/{code}` explains each. */
export const problemSchema = z
  .looseObject({
    type: z.string().meta({ description: 'URI of the page about this code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'Path of the request.' }),
    code: z.string(),
    requestId: z.string(),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'For invalid input: every fault, where (JSON pointer or header name) and what.' }),
  })
  .meta({ id: 'Problem' });

export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;
export type MonthSummary = z.infer<typeof monthSummarySchema>;
export type MonthsAnswer = z.infer<typeof monthsAnswerSchema>;
export type DayRow = z.infer<typeof dayRowSchema>;
export type DaysAnswer = z.infer<typeof daysAnswerSchema>;
export type IdentityRow = z.infer<typeof identityRowSchema>;
export type IdentitiesPage = z.infer<typeof identitiesPageSchema>;
export type MintRow = z.infer<typeof mintRowSchema>;
export type MintsPage = z.infer<typeof mintsPageSchema>;
export type ProblemBody = z.infer<typeof problemSchema>;
