import { main } from "./main.mjs";
import { serveWorker } from "./serve.mjs";

await main(serveWorker);
