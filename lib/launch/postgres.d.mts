export type Postgres = {
  url: (database: string) => string;
  /** False when a running server was joined. */
  started: boolean;
  /** Whether no other process used the server when this one came. */
  alone: boolean;
  pid: number;
  port: number;
  revive: () => Promise<unknown>;
  release: () => Promise<void>;
};
export function openPostgres(dir: string, options?: { disposable?: boolean }): Promise<Postgres>;
