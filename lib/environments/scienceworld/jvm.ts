import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { devNull, tmpdir } from "node:os";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/lib/core/errors";
import { demandReference, Py4jClient, server, staticsOf, type Reference } from "./py4j";

export type JvmOptions = {
  jar: string;
  memoryMb: number;
  startTimeoutMs: number;
  callTimeoutMs: number;
};

/** How long to wait for the exit code of a JVM whose connection broke. */
const EXIT_WITHIN_MS = 2000;
/** What a JVM says as it dies comes a little after. */
const LAST_WORDS_MS = 50;
const KEPT_OUTPUT = 4000;
const DOOR_MS = 5;

export const installSimulator = "npm run env -- install scienceworld";
const installJava =
  "install a Java runtime, version 8 or newer (on Debian and Ubuntu: apt-get install openjdk-17-jre-headless), " +
  "or set JAVA_HOME to one";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Simulators before 1.3.0 walk through sets whose order follows Java's identity hashes, which differ from object to object
 * and run to run; with one hash for all, the order is that of insertion and the same actions always show the same text.
 */
const sameOrder = ["-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2"];
const flags = ["-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", ...sameOrder];

/** Every JVM of this process. They end when their stdin closes, so also when this process is killed. */
const running = new Set<Jvm>();
let watchingExit = false;

function watchExit(): void {
  if (watchingExit) return;
  watchingExit = true;
  process.once("exit", () => running.forEach((jvm) => jvm.abandon()));
}

/** A Java virtual machine with py4j's server in it and nothing yet made; this process holds its only connection. */
export class Jvm {
  #said = "";
  #ended: string | null = null;
  #killed = false;
  readonly #exited: Promise<unknown>;
  #client: Py4jClient | null = null;

  private constructor(
    private readonly child: Child,
    private readonly folder: string,
  ) {
    this.#exited = once(child, "exit").catch(() => undefined);
    // Java complains on either: stdout falls silent once the simulator is made.
    for (const output of [child.stderr, child.stdout])
      output.setEncoding("utf8").on("data", (text: string) => {
        this.#said = (this.#said + text).slice(-KEPT_OUTPUT);
      });
    child.stdin.on("error", () => undefined);
    child.on("exit", (code, signal) => {
      this.#ended = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
      this.#forget();
    });
    child.on("error", (error) => {
      this.#ended ??= `could not be run: ${error.message}`;
      this.#forget();
    });
  }

  /**
   * Starts one on a free port of the loopback interface and connects to it.
   * @throws AppError environment_unavailable when there is no Java, no usable jar, or it does not start in time
   */
  static async start(options: JvmOptions): Promise<Jvm> {
    const folder = mkdtempSync(path.join(tmpdir(), "gleaner-scienceworld-"));
    const args = [`-Xmx${options.memoryMb}m`, ...flags, "-cp", options.jar];
    const program = ["py4j.GatewayServer", "--die-on-broken-pipe", "0"];
    // The simulator writes a file of its own into the folder it runs in.
    const child = spawn(javaProgram(), [...args, ...program], {
      cwd: folder,
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const jvm = new Jvm(child, folder);
    running.add(jvm);
    watchExit();
    try {
      const port = await readPort(child, options.startTimeoutMs);
      const client = await Py4jClient.connect(port, options.callTimeoutMs);
      jvm.#client = client;
      await silence(client);
      await leaveNothing(client, folder);
      await closeDoor(client, port);
      return jvm;
    } catch (error) {
      throw await jvm.startFailure(error, options);
    }
  }

  /** The connection to it; it fails when the JVM is gone. */
  get client(): Py4jClient {
    if (this.#client) return this.#client;
    throw new AppError("internal", "a JVM was used before it was connected");
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return this.#ended === null && !this.#killed;
  }

  /**
   * What went wrong with a request, with what became of the process; ends it, for its state is unknown now.
   * @returns AppError environment_error
   */
  async explain(error: unknown): Promise<AppError> {
    const known = error instanceof AppError ? error : null;
    const broken = known?.retryable ?? true;
    if (broken) await Promise.race([this.#exited, sleep(EXIT_WITHIN_MS, undefined, { ref: false })]);
    const told = this.#ended === null ? (known?.message ?? String(error)) : `it ${this.#ended}`;
    this.kill();
    const last = this.#lastWords();
    return new AppError(
      "environment_error",
      `a ScienceWorld simulator (process ${this.pid ?? "?"}) broke: ${told}${last ? `: ${last}` : ""}`,
      {
        fix: "retry; if it stays, give the simulator more memory (memoryMb) or check it with npm run doctor",
        retryable: broken,
        cause: error,
      },
    );
  }

  kill(): void {
    this.#killed = true;
    this.#client?.close();
    this.child.kill("SIGKILL");
  }

  /** The last thing a process does with it: nothing is waited for. */
  abandon(): void {
    this.kill();
    this.#forget();
  }

  /** Ends it and waits until it is gone. May be called twice. */
  async close(): Promise<void> {
    this.kill();
    if (this.#ended === null)
      await Promise.race([this.#exited, sleep(EXIT_WITHIN_MS, undefined, { ref: false })]);
  }

  #forget(): void {
    running.delete(this);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #lastWords(): string {
    const lines = this.#said.split("\n").filter((line) => line.trim() && !/^Picked up |^\d+\s*$/.test(line));
    return (
      lines
        .findLast((line) => !/^\s+at /.test(line))
        ?.trim()
        .slice(0, 300) ?? ""
    );
  }

  /** Ends it; why it could not be used. @returns AppError environment_unavailable */
  async startFailure(error: unknown, { jar, startTimeoutMs }: JvmOptions): Promise<AppError> {
    await sleep(LAST_WORDS_MS);
    const stillRuns = this.#ended === null;
    this.kill();
    const fail = (message: string, fix: string) =>
      new AppError("environment_unavailable", message, { fix, cause: error });
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const said = `${this.#said}${error instanceof Error ? error.message : ""}`;
    if (code === "ENOENT" || code === "EACCES" || /Unable to locate a Java/i.test(said))
      return fail("ScienceWorld needs Java, and no Java runtime was found", installJava);
    if (/UnsupportedClassVersionError/.test(said))
      return fail("the Java runtime is too old for ScienceWorld", installJava);
    if (/ClassNotFound|could not find or load main class|corrupt/i.test(said))
      return fail(`${jar} is not the ScienceWorld simulator`, installSimulator);
    if (stillRuns && error instanceof Error && /^(Timeout|Abort)Error$/.test(error.name))
      return fail(
        `the ScienceWorld simulator did not start within ${startTimeoutMs / 1000} s`,
        "raise startTimeoutMs, or run fewer JVMs at once (jvms)",
      );
    const told = this.#lastWords() || (this.#ended ? `it ${this.#ended}` : String(error));
    return fail(`the ScienceWorld simulator does not start: ${told}`, "check Java with: java -version");
  }
}

function javaProgram(): string {
  const home = process.env.JAVA_HOME;
  return home ? path.join(home, "bin", "java") : "java";
}

/** The server prints its port on a line of its own; Java may have said something before. */
async function readPort(child: Child, timeoutMs: number): Promise<number> {
  const late = AbortSignal.timeout(timeoutMs);
  let text = "";
  return new Promise((resolve, reject) => {
    late.addEventListener("abort", () => reject(late.reason), { once: true });
    child.once("error", reject).once("exit", () => reject(new Error("it ended before it was ready")));
    child.stdout.on("data", (chunk: string) => {
      if (text.length < KEPT_OUTPUT) text += chunk;
      const port = /^(\d{1,5})\s*$/m.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/** The simulator narrates every step on stdout; nobody reads that. To be called before anything of it is made. */
async function silence(client: Py4jClient): Promise<void> {
  const nowhere = await client.construct("java.io.PrintStream", devNull);
  await client.call(staticsOf("java.lang.System"), "setOut", nowhere);
}

/** When this process is killed, it is the JVM that removes its folder; what is named last goes first. */
async function leaveNothing(client: Py4jClient, folder: string): Promise<void> {
  for (const each of [folder, path.join(folder, "object_type_ids.tsv")])
    await client.call(await client.construct("java.io.File", each), "deleteOnExit");
}

/**
 * Takes no more connections: whoever can connect can run any Java as this user, and this py4j asks for no password. Our
 * own connection stays.
 */
async function closeDoor(client: Py4jClient, port: number): Promise<void> {
  const get = async (target: Reference, method: string, ...args: (string | Reference)[]) =>
    demandReference(await client.call(target, method, ...args), method);
  const field = await get(await get(server, "getClass"), "getDeclaredField", "sSocket");
  await client.call(field, "setAccessible", true);
  await client.call(await get(field, "get", server), "close");
  // The system listens on until the thread that waits for connections has noticed.
  for (let looks = 0; await takesConnections(port); looks += 1) {
    if (looks * DOOR_MS > EXIT_WITHIN_MS)
      throw new Error(`it takes connections on port ${port} that it should not`);
    await sleep(DOOR_MS);
  }
}

async function takesConnections(port: number): Promise<boolean> {
  const stranger = connect(port, "127.0.0.1");
  try {
    return await once(stranger, "connect").then(
      () => true,
      () => false,
    );
  } finally {
    stranger.destroy();
  }
}
