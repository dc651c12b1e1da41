import { z } from 'zod';
import { count, countBy, dollars, instant, monthName, text } from './fields.ts';
import { raiseScope, trialBudgetSchema } from './steering.ts';

/** What a simulation is asked and answers. */

const zonedInstant = z.iso.datetime({ offset: true, error: 'Must be an ISO-8601 instant with a zone.' });

export const simulationRequestSchema = z
  .strictObject({
    month: z
      .string()
      .regex(/^(\d{4}-(0[1-9]|1[0-2])|current)$/, 'Must be YYYY-MM or `current`.')
      .meta({ description: 'The recorded month to try it on.' }),
    policy: z
      .strictObject({
        intents: z
          .record(
            text(64, 'Name of an intent.'),
            z.enum(['allow', 'deny', 'needs-reason', 'known-only'], {
              error: 'Must be one of allow, deny, needs-reason, known-only.',
            }),
          )
          .optional()
          .meta({ description: 'Rules that take the place of the present ones; the others stay.' }),
        budget: trialBudgetSchema
          .nullable()
          .optional()
          .meta({ description: 'Null: none. Left out: the budget of that month, with its raises.' }),
        raises: z
          .array(
            z.strictObject({
              identities: z.int('Must be a whole number.').min(1, 'Must be at least 1.').max(1_000_000_000),
              budget: raiseScope.default('all'),
              createdAt: zonedInstant,
              expiresAt: zonedInstant,
            }),
          )
          .max(50, 'Must have at most 50 entries.')
          .optional()
          .meta({ description: 'Raises of the tried budget; none unless given.' }),
      })
      .meta({ description: 'What is left out is as it is today.' }),
  })
  .meta({
    id: 'SimulationRequest',
    example: {
      month: '2026-10',
      policy: { intents: { notification: 'deny' }, budget: { limit: 900, mode: 'block' } },
    },
  });

const outcome = z.object({
  identities: z.object({ total: count, byClass: countBy('Identities by class.') }),
  minted: count,
  refused: countBy('Refusals by code.'),
  cost: z.object({ currency: z.literal('USD'), low: dollars, high: dollars, table: z.string() }),
});

export const simulationAnswerSchema = z
  .object({
    ...{ month: monthName, service: z.string(), asOf: instant },
    simulated: outcome.extend({
      warned: count.meta({ description: 'Newcomers whom the budget would have refused in mode `block`.' }),
    }),
    recorded: outcome,
    rules: z.string().meta({ description: 'Version of the counting rules behind `cost.low`.' }),
    notes: z.array(z.string()).meta({ description: 'What a log cannot know.' }),
  })
  .meta({ id: 'Simulation' });

export type SimulationAnswer = z.infer<typeof simulationAnswerSchema>;
