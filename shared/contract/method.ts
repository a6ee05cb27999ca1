import type { GenericSchema, InferOutput } from 'valibot';
import type { AppError } from '../errors.ts';
import type { Result } from '../result.ts';

/** One function of the bridge: who serves it, what it accepts (checked by main), what it yields. */
export interface Method<Schema extends GenericSchema, Output> {
  readonly servedBy: 'engine' | 'main';
  readonly input: Schema;
  /** Never set: carries the output's type. */
  readonly output?: Output;
}

/** `method<Output>()('engine', schema)`; in two steps so that the schema's type is inferred. */
export function method<Output>() {
  return <Schema extends GenericSchema>(
    servedBy: 'engine' | 'main',
    input: Schema,
  ): Method<Schema, Output> => ({
    servedBy,
    input,
  });
}

export type Domain = Readonly<Record<string, Method<GenericSchema, unknown>>>;
export type InputOf<M> = M extends Method<infer Schema, unknown> ? InferOutput<Schema> : never;
export type OutputOf<M> = M extends { readonly output?: infer Output } ? Exclude<Output, undefined> : never;

/** What the renderer calls: every method of a domain as an async function that never throws. */
export type DomainApi<D extends Domain> = {
  readonly [Name in keyof D]: (input: InputOf<D[Name]>) => Promise<Result<OutputOf<D[Name]>, AppError>>;
};
