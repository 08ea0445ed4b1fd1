export function bundled(program: string): string;
