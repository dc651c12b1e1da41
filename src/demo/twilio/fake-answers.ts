export type { FakeAnswer } from './rest/answers.ts';
