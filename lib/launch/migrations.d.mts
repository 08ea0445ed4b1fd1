export type Migration = { name: string; sql: string; checksum: string };
export type MigrationState = { pending: string[]; unknown: string[]; failed: string[]; edited: string[] };
export function checkedInMigrations(folder?: string): Migration[];
export function migrationState(url: string, migrations?: Migration[]): Promise<MigrationState>;
export function applyMigrations(url: string, migrations?: Migration[]): Promise<string[]>;
