import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { AppError } from "@/lib/core/errors";

/** An object on the Java side. */
export type Reference = { ref: string };
export type Argument = string | boolean | Reference | { int: number };
export type Answer = string | number | boolean | null | Reference;

/** What one line of py4j's text protocol says: a value, or what was thrown (as text, or as an object to ask). */
export type Decoded = { ok: true; value: Answer } | { ok: false; thrown: string | Reference };

/** The object that stands for the server itself. */
export const server: Reference = { ref: "GATEWAY_SERVER" };
export const staticsOf = (className: string): Reference => ({ ref: `z:${className}` });

/** A page of the simulator is some kilobytes. */
const LONGEST_LINE = 32 * 1024 * 1024;

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };
const escape = (text: string) => text.replace(/[\\\n\r]/g, (mark) => escapes[mark] ?? mark);
const unescape = (text: string) =>
  text.replace(/\\([\\nr])/g, (_, mark: string) => (mark === "n" ? "\n" : mark === "r" ? "\r" : "\\"));

function encodeArgument(argument: Argument): string {
  if (typeof argument === "string") return `s${escape(argument)}`;
  if (typeof argument === "boolean") return `b${argument}`;
  return "ref" in argument ? `r${argument.ref}` : `i${argument.int}`;
}

const command = (...lines: string[]) => `${lines.join("\n")}\ne\n`;

/** The request that calls a method. */
export const encodeCall = (target: Reference, method: string, ...args: Argument[]): string =>
  command("c", target.ref, method, ...args.map(encodeArgument));

/** The request that makes an object. */
export const encodeConstruct = (className: string, ...args: Argument[]): string =>
  command("i", className, ...args.map(encodeArgument));

/** The request that lets go of an object. */
export const encodeRelease = (object: Reference): string => command("m", "d", object.ref);

/** Reads one line of answer. @throws AppError environment_error when it is none of py4j's */
export function decodeAnswer(line: string): Decoded {
  const [, outcome, type, rest = ""] = /^!([yx])([a-zA-Z]?)(.*)$/s.exec(line) ?? [];
  if (outcome === "x")
    return { ok: false, thrown: type === "r" ? { ref: rest } : type === "s" ? unescape(rest) : rest };
  if (outcome === "y") {
    if (type === "s") return { ok: true, value: unescape(rest) };
    if (type === "b") return { ok: true, value: rest.toLowerCase() === "true" };
    if (type === "v" || type === "n") return { ok: true, value: null };
    if (type === "r" || type === "l") return { ok: true, value: { ref: rest } };
    const number = Number(rest);
    if ((type === "i" || type === "d" || type === "L") && rest !== "" && !Number.isNaN(number))
      return { ok: true, value: number };
  }
  throw new AppError(
    "environment_error",
    `a Java program gave no py4j answer: ${JSON.stringify(line.slice(0, 80))}`,
  );
}

/** Cuts a stream of bytes into lines, wherever it is broken. */
export class LineReader {
  #decoder = new StringDecoder("utf8");
  #rest = "";

  /** @throws AppError environment_error when a line does not end */
  read(chunk: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > LONGEST_LINE)
      throw new AppError("environment_error", "a Java program's answer does not end");
    return lines;
  }
}

type Waiting = {
  request: string;
  resolve: (line: string) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
};

/**
 * One connection to a py4j server in a JVM. Requests are answered in the order they were made, and one is sent when the
 * one before is answered: the server writes through Nagle's algorithm, so a second answer would wait 40 ms for the first
 * to be acknowledged. When one goes unanswered in time, nothing later can be told apart, and the connection ends.
 */
export class Py4jClient {
  #waiting: Waiting[] = [];
  #broken: AppError | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly timeoutMs: number,
  ) {
    const reader = new LineReader();
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      try {
        for (const line of reader.read(chunk)) this.#answer(line);
      } catch (error) {
        this.#end("what a simulator answers cannot be read", error);
      }
    });
    // The server resets the connection when it ends; that is its way of closing.
    socket.on("error", (error) => this.#end("the connection to a simulator broke", error));
    socket.on("close", () => this.#end("the connection to a simulator ended"));
  }

  /** @param timeoutMs for connecting, and for each answer */
  static async connect(port: number, timeoutMs: number): Promise<Py4jClient> {
    const socket = connect({ port, host: "127.0.0.1" });
    try {
      await once(socket, "connect", { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return new Py4jClient(socket, timeoutMs);
  }

  /** @throws AppError environment_error when it throws there, does not answer, or is gone */
  call(target: Reference, method: string, ...args: Argument[]): Promise<Answer> {
    return this.#ask(encodeCall(target, method, ...args), method);
  }

  /** @throws AppError environment_error as `call` */
  async construct(className: string, ...args: Argument[]): Promise<Reference> {
    return demandReference(await this.#ask(encodeConstruct(className, ...args), className), className);
  }

  /** An answer as text: a list is `[a, b]`, nothing is empty. @throws AppError environment_error as `call` */
  async text(target: Reference, method: string, ...args: Argument[]): Promise<string> {
    const answer = await this.call(target, method, ...args);
    if (typeof answer !== "object" || answer === null) return String(answer ?? "");
    const [shown] = await Promise.all([this.call(answer, "toString"), this.#send(encodeRelease(answer))]);
    return String(shown);
  }

  close(): void {
    this.#end("the connection to a simulator was closed");
  }

  async #ask(request: string, what: string): Promise<Answer> {
    const answer = decodeAnswer(await this.#send(request));
    if (answer.ok) return answer.value;
    const thrown = typeof answer.thrown === "string" ? answer.thrown : await this.#describe(answer.thrown);
    const [first = "an exception"] = thrown.split("\n");
    throw new AppError("environment_error", `the simulator threw in ${what}: ${first.slice(0, 300)}`);
  }

  async #describe(thrown: Reference): Promise<string> {
    const answer = decodeAnswer(await this.#send(encodeCall(thrown, "toString")));
    await this.#send(encodeRelease(thrown));
    return answer.ok ? String(answer.value) : "an exception";
  }

  #send(request: string): Promise<string> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const late = () => this.#end(`a simulator did not answer within ${this.timeoutMs / 1000} s`);
      this.#waiting.push({ request, resolve, reject, timer: setTimeout(late, this.timeoutMs) });
      if (this.#waiting.length === 1) this.socket.write(request);
    });
  }

  #answer(line: string): void {
    const first = this.#waiting.shift();
    if (!first) return;
    clearTimeout(first.timer);
    const [next] = this.#waiting;
    if (next) this.socket.write(next.request);
    first.resolve(line);
  }

  #end(message: string, cause?: unknown): void {
    if (this.#broken) return;
    this.#broken = new AppError("environment_error", message, { retryable: true, cause });
    this.socket.destroy();
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(this.#broken);
    }
  }
}

/** @throws AppError environment_error when the answer is no object */
export function demandReference(answer: Answer, what: string): Reference {
  if (typeof answer === "object" && answer !== null) return answer;
  throw new AppError("environment_error", `the simulator gave no object for ${what}`);
}
