/** A schema of an OpenAPI 3.0 document, as far as it is compared. */
interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: readonly unknown[];
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

export interface OpenApi {
  paths: Record<
    string,
    { get?: { responses: { 200: { content: Record<string, { schema: Schema; examples?: object }> } } } }
  >;
  components: { schemas: Record<string, Schema> };
}

const FORMATS: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  'date-time-rfc-2822': /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: /^(https?:\/\/|\/)/,
  currency: /^[a-z]{3}$/,
};

/** Where an answer differs from what the document says of it; nothing missing, nothing more, nothing else. */
export function findDifferences(api: OpenApi, path: string, answer: unknown): string[] {
  const content = api.paths[path]?.get?.responses[200].content['application/json'];
  if (content === undefined) return [`${path} is not in the document`];
  const faults: string[] = [];
  compare(content.schema, answer, path, examplesOf(content.examples));
  return faults;

  function compare(given: Schema, value: unknown, at: string, example: string): void {
    const schema = resolve(given);
    if (value === null) {
      // What an enum may be the documents leave open, and their own examples have null there.
      if (schema.nullable !== true && schema.enum === undefined) faults.push(`${at} is null`);
      return;
    }
    if (schema.enum !== undefined && !schema.enum.includes(value))
      faults.push(`${at}: ${value} is none of ${schema.enum}`);
    switch (schema.type) {
      case 'object':
        compareObject(schema, value, at, example);
        return;
      case 'array':
        if (!Array.isArray(value)) faults.push(`${at} is no list`);
        else
          for (const [index, item] of value.entries())
            compare(schema.items ?? {}, item, `${at}[${index}]`, example);
        return;
      case 'string':
        if (typeof value !== 'string') faults.push(`${at} is no text`);
        else compareText(schema, value, at);
        return;
      case 'integer':
      case 'number': {
        // Prices are numbers by the schema and texts by the examples, which is how they come.
        const name = at.slice(at.lastIndexOf('.') + 1);
        const asText = typeof value === 'string' && new RegExp(`"${name}":"[\\d.]+"`).test(example);
        if (typeof value !== 'number' && !asText) faults.push(`${at} is no number`);
        return;
      }
      case 'boolean':
        if (typeof value !== 'boolean') faults.push(`${at} is no boolean`);
    }
  }

  function compareObject(schema: Schema, value: unknown, at: string, example: string): void {
    if (typeof value !== 'object' || Array.isArray(value)) {
      faults.push(`${at} is no object`);
      return;
    }
    if (schema.properties === undefined) return;
    for (const name of new Set([...Object.keys(schema.properties), ...Object.keys(value as object)])) {
      const property = schema.properties[name];
      if (property === undefined) faults.push(`${at}.${name} is not documented`);
      else if (!Object.hasOwn(value as object, name)) faults.push(`${at}.${name} is missing`);
      else compare(property, (value as Record<string, unknown>)[name], `${at}.${name}`, example);
    }
  }

  function compareText({ pattern, format }: Schema, value: string, at: string): void {
    if (pattern !== undefined && !new RegExp(pattern).test(value))
      faults.push(`${at}: ${value} does not fit ${pattern}`);
    const shape = FORMATS[format ?? ''];
    if (shape !== undefined && !shape.test(value)) faults.push(`${at}: ${value} is no ${format}`);
  }

  function resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (api.components.schemas[name] ?? {});
  }
}

function examplesOf(examples: object | undefined): string {
  return JSON.stringify(examples ?? {});
}
