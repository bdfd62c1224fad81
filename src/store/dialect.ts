import type { Database, Statement } from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { explained } from './failures.ts';
import { whileBusy } from './patience.ts';

const MAX_STATEMENTS = 200;
/** Set before and after each transaction that differs, it is put into force by the first statement that it matters to. */
const SETS_DURABILITY = /^pragma synchronous = /;
const READS = /^select /;

/** The parts of Kysely's own SQLite dialect that are used as they are: compiler, adapter, introspector. */
export type SqliteParts = Pick<Dialect, 'createAdapter' | 'createQueryCompiler' | 'createIntrospector'>;

/**
 * SQLite for Kysely with what several processes on one file need: transactions take the write lock at once, waiting
 * for it does not block the event loop, statements are prepared once, and failures name the file.
 */
export function storeDialect(db: Database, file: string, parts: SqliteParts): Dialect {
  const driver = new StoreDriver(new StoreConnection(db, file));
  return {
    createAdapter: () => parts.createAdapter(),
    createQueryCompiler: () => parts.createQueryCompiler(),
    createIntrospector: (queries) => parts.createIntrospector(queries),
    createDriver: () => driver,
  };
}

class StoreDriver implements Driver {
  readonly #connection: StoreConnection;

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<StoreConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(connection: StoreConnection): Promise<void> {
    await connection.execute('begin immediate');
  }

  async commitTransaction(connection: StoreConnection): Promise<void> {
    await connection.execute('commit');
  }

  async rollbackTransaction(connection: StoreConnection): Promise<void> {
    if (connection.inTransaction) await connection.execute('rollback');
  }

  async destroy(): Promise<void> {
    this.#connection.close();
  }
}

class StoreConnection implements DatabaseConnection {
  readonly #db: Database;
  readonly #file: string;
  readonly #statements = new Map<string, Statement>();
  /** What was last set with `pragma synchronous`, until it is put into force. */
  #wanted: string | null = null;
  #inForce: string | null = null;

  constructor(db: Database, file: string) {
    this.#db = db;
    this.#file = file;
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(sql, parameters);
  }

  /** A query outside a transaction is one of its own, so it can be repeated when the lock was not to be had. */
  async execute<R>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
    try {
      if (this.#db.inTransaction) return this.#run<R>(sql, parameters);
      return await whileBusy(() => this.#run<R>(sql, parameters));
    } catch (error) {
      throw explained(error, this.#file);
    }
  }

  streamQuery(): never {
    throw new TypeError('queries are read whole: page by id instead of streaming');
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    if (SETS_DURABILITY.test(sql)) {
      this.#wanted = sql;
      return { rows: [] };
    }
    if (this.#wanted !== this.#inForce && !READS.test(sql) && !this.#db.inTransaction) {
      this.#db.prepare(this.#wanted!);
      this.#inForce = this.#wanted;
    }
    const statement = this.#prepared(sql);
    if (statement.reader) return { rows: statement.all(...parameters) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
  }

  #prepared(sql: string): Statement {
    // A pragma takes effect when it is prepared, so each is prepared anew.
    if (sql.startsWith('pragma ')) return this.#db.prepare(sql);
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
