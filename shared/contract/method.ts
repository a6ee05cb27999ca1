import type { GenericSchema, InferOutput } from 'valibot';
import type { AppError } from '../errors.ts';
import type { Result } from '../result.ts';

export type Server = 'engine' | 'main';

/** One function of the bridge: who serves it, what it accepts (checked by main), what it yields. */
export interface Method<Schema extends GenericSchema, Output, ServedBy extends Server> {
  readonly servedBy: ServedBy;
  readonly input: Schema;
  /** Never set: carries the output's type. */
  readonly output?: Output;
}

/** `method<Output>()('engine', schema)`; in two steps so that the schema's type is inferred. */
export function method<Output>() {
  return <Schema extends GenericSchema, ServedBy extends Server>(
    servedBy: ServedBy,
    input: Schema,
  ): Method<Schema, Output, ServedBy> => ({ servedBy, input });
}

export type Domain = Readonly<Record<string, Method<GenericSchema, unknown, Server>>>;
export type InputOf<M> = M extends { readonly input: infer Schema extends GenericSchema }
  ? InferOutput<Schema>
  : never;
export type OutputOf<M> = M extends { readonly output?: infer Output } ? Exclude<Output, undefined> : never;

/** What the renderer calls: every method of a domain as an async function that never throws. */
export type DomainApi<D extends Domain> = {
  readonly [Name in keyof D]: (input: InputOf<D[Name]>) => Promise<Result<OutputOf<D[Name]>, AppError>>;
};

/** What a server implements: its methods of the contract by full name, e.g. "drafts.send". */
export type MethodsServedBy<ServedBy extends Server, C extends Readonly<Record<string, Domain>>> = {
  readonly [D in keyof C & string as FullNames<ServedBy, C[D], D>]: never;
} extends infer Names
  ? { readonly [Name in keyof Names]: Handler<MethodNamed<C, Name>> }
  : never;

type FullNames<ServedBy extends Server, D extends Domain, Prefix extends string> = {
  [Name in keyof D & string]: D[Name]['servedBy'] extends ServedBy ? `${Prefix}.${Name}` : never;
}[keyof D & string];

type MethodNamed<C, Name> = Name extends `${infer D}.${infer M}`
  ? D extends keyof C
    ? M extends keyof C[D]
      ? C[D][M]
      : never
    : never
  : never;

type Handler<M> = (
  input: InputOf<M>,
) => Result<OutputOf<M>, AppError> | Promise<Result<OutputOf<M>, AppError>>;
