/** `npm run bench -- agentgym`: steps per second through the driver and a loopback server of our own. */
import { agentgym } from "@/lib/environments/agentgym/environment";
import { startAgentGymServer } from "../support/agentgym-server";

const episodes = 300;
const actions = [
  "get 1 stick",
  "inventory",
  "dance",
  "get 1 log",
  "inventory",
  "get 2 wool",
  "dance",
  "get 1 coal",
];

async function measure(concurrentEpisodes: number): Promise<void> {
  const server = await startAgentGymServer("textcraft");
  const environment = await agentgym.connect(
    agentgym.Config.parse({ server: server.url, kind: "textcraft", concurrentEpisodes }),
  );
  let next = 0;
  const play = async () => {
    while (next < episodes) {
      const episode = await environment.open(`textcraft_${next++}`);
      for (const action of actions) await episode.step(action);
      await episode.close();
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrentEpisodes }, play));
  const seconds = (performance.now() - started) / 1000;
  const made = server.requests.filter(({ route }) => route === "POST /create").length;
  console.log(
    `${concurrentEpisodes} at once: ${Math.round((episodes * actions.length) / seconds)} steps/s, ` +
      `${Math.round(episodes / seconds)} episodes/s, ${made} instances`,
  );
  await environment.close();
  await server.close();
}

async function main(): Promise<void> {
  for (const concurrentEpisodes of [1, 4, 16]) await measure(concurrentEpisodes);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
