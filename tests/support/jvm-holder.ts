import { Jvm } from "@/lib/environments/scienceworld/jvm";

/** A process that holds a simulator until it is killed: says the simulator's process id. */
const [, , options] = process.argv;
const jvm = await Jvm.start(JSON.parse(options ?? ""));
console.log(jvm.pid);
setInterval(() => undefined, 1000);
