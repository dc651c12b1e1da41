/** What a month is planned to be. */
export interface EstimateInput {
  /** People with at least one act that bills, each once. */
  customers: number;
  /** Agents, each once however many customers they serve. */
  agents: number;
  /** Conversations with a message in the month, for the reading that bills those; null: not asked. */
  threads: number | null;
  /** SMS, WhatsApp and alike that go through conversations; chat messages cost nothing apart. */
  messages: number;
  /** Micro-dollars a message. */
  messageMicroDollars: number;
  /** Micro-dollars a message sent directly, without Conversations; null: as `messageMicroDollars`. */
  directMicroDollars: number | null;
}
