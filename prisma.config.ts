import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// A script cannot be spawned as an engine on Windows; there Prisma fetches its own.
if (process.platform !== "win32")
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
    new URL("./prisma/schema-engine.mjs", import.meta.url),
  );

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  // `prisma generate` needs an address but no database.
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://localhost:1/none" },
});
