import type { Store } from "@/lib/core/store";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { PersonRow, read } from "./rows";
import { demandName, demandStorable } from "./text";

/** People, known by name. */
export function peopleIn(db: Db): Store["people"] {
  return {
    async ensure(name) {
      demandStorable(name, "the person's name");
      demandName(name, "the person's name");
      const found = Prisma.sql`select id as "personId", name from person where name = ${name}`;
      const [known] = await read(db, PersonRow, found);
      if (known) return known;
      await db.$executeRaw`insert into person (name) values (${name}) on conflict do nothing`;
      const [added] = await read(db, PersonRow, found);
      return added ?? this.ensure(name);
    },
  };
}
