// Stores a file in a process of its own, to be killed: DATABASE_URL IMPORT FILE.
import { createReadStream } from "node:fs";
import { createStore } from "@/lib/store/store";
import { Defaults } from "@/lib/usecases/imports";
import { storeTrajectories } from "@/lib/usecases/store-trajectories";

const [url = "", importId = "", file = ""] = process.argv.slice(2);
const defaults = Defaults.parse({ environment: "kitchen" });
await storeTrajectories({ store: createStore(url) }, Number(importId), createReadStream(file), { defaults });
