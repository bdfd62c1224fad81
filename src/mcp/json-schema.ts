import { z } from 'zod';

/** As much of JSON Schema as is read here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

/** Bounds are said in words in each description (some hosts strip them), and enforced where arguments are read. */
const LEFT_OUT = new Set([
  '$schema',
  'additionalProperties',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'format',
]);

/** A tool's input as hosts get to see it: as short as it can be without losing a name, a type or a word. */
export const inputSchemaOf = remembered((schema) => compact(converted(schema)));

/** A tool's output as hosts get to see it. */
export const outputSchemaOf = remembered((schema) => {
  const { $schema: _, ...rest } = converted(schema);
  return rest;
});

type Validate = z.ZodType['~standard']['validate'];

/** A JSON schema as the SDK takes it. Unless given how to, it lets every value through: what is read and sent is checked where that is done. */
export function asStandardSchema(schema: () => JsonSchema, validate: Validate = (value) => ({ value })) {
  const jsonSchema = (): Record<string, unknown> => schema();
  return {
    '~standard': {
      version: 1,
      vendor: 'maestro',
      validate,
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    },
  } as const;
}

function converted(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

function remembered(make: (schema: z.ZodType) => JsonSchema): (schema: z.ZodType) => JsonSchema {
  const made = new WeakMap<z.ZodType, JsonSchema>();
  return (schema) => {
    const known = made.get(schema) ?? make(schema);
    made.set(schema, known);
    return known;
  };
}

function compact(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => !LEFT_OUT.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (keyword === 'properties')
        return [keyword, Object.fromEntries(Object.entries(value as object).map(([key, of]) => [key, compact(of)]))];
      return [keyword, keyword === 'items' ? compact(value as JsonSchema) : value];
    }),
  );
}

/** A value without those nulls that its schema lets be left out; where null is an answer, it stays. */
export function withoutOptionalNulls(value: unknown, schema: JsonSchema | undefined): unknown {
  if (Array.isArray(value)) {
    const { items } = opened(schema, 'items');
    return value.map((item) => withoutOptionalNulls(item, items));
  }
  if (typeof value !== 'object' || value === null) return value;
  const { properties, required = [], additionalProperties } = opened(schema, 'properties');
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const kept = Object.entries(value).filter(
    ([key, item]) => item !== undefined && !(item === null && properties?.[key] && !required.includes(key)),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutOptionalNulls(item, properties?.[key] ?? rest)]));
}

/** The branch of a nullable schema that describes the value. */
function opened(schema: JsonSchema | undefined, keyword: 'items' | 'properties'): JsonSchema {
  if (schema === undefined || schema[keyword] !== undefined) return schema ?? {};
  return schema.anyOf?.find((branch) => branch[keyword] !== undefined) ?? schema;
}
