import { main } from "./main.mjs";
import { serve } from "./serve.mjs";

await main((tools) => serve("dev", tools));
