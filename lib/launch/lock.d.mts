export type Note = Record<string, unknown>;
export type Lock = { update(more: Note): void; release(): void };
export function tryLock(file: string, note?: Note): Promise<Lock | null>;
export function lockHolder(file: string): { pid: number; note: Note } | null;
export function withLock<T>(file: string, work: () => Promise<T>): Promise<T>;
