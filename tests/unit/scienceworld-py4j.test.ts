import fc from "fast-check";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  decodeAnswer,
  encodeCall,
  encodeConstruct,
  encodeRelease,
  LineReader,
  Py4jClient,
} from "@/lib/environments/scienceworld/py4j";

const anyText = fc.string({
  unit: fc.constantFrom("a", "\\", "n", "r", "\n", "\r", " ", "é", "🌱", "!", "e"),
});

describe("what is sent", () => {
  it("is written as the protocol has it", () => {
    expect(encodeCall({ ref: "o1" }, "load", "boil", { int: 0 }, "easy", true)).toBe(
      "c\no1\nload\nsboil\ni0\nseasy\nbtrue\ne\n",
    );
    expect(encodeConstruct("java.io.File", "a\\b\nc\rd")).toBe("i\njava.io.File\nsa\\\\b\\nc\\rd\ne\n");
    expect(encodeCall({ ref: "o1" }, "get", { ref: "o2" })).toBe("c\no1\nget\nro2\ne\n");
    expect(encodeRelease({ ref: "o4" })).toBe("m\nd\no4\ne\n");
  });

  it("is one request whatever the text holds", () => {
    fc.assert(
      fc.property(anyText, (action) => {
        const lines = encodeCall({ ref: "o1" }, "step", action).split("\n");
        expect(lines).toHaveLength(6);
        expect(lines.slice(4)).toEqual(["e", ""]);
      }),
    );
  });
});

describe("what is answered", () => {
  it.each([
    ["!ys", { ok: true, value: "" }],
    ["!ysone\\ntwo\\\\n", { ok: true, value: "one\ntwo\\n" }],
    ["!yi-5", { ok: true, value: -5 }],
    ["!yL7", { ok: true, value: 7 }],
    ["!yd0.25", { ok: true, value: 0.25 }],
    ["!ybtrue", { ok: true, value: true }],
    ["!ybfalse", { ok: true, value: false }],
    ["!yv", { ok: true, value: null }],
    ["!yn", { ok: true, value: null }],
    ["!yro2", { ok: true, value: { ref: "o2" } }],
    ["!ylo1", { ok: true, value: { ref: "o1" } }],
    ["!xsjava.lang.Error\\n\tat x", { ok: false, thrown: "java.lang.Error\n\tat x" }],
    ["!xro3", { ok: false, thrown: { ref: "o3" } }],
    ["!x", { ok: false, thrown: "" }],
  ])("%j is read", (line, expected) => expect(decodeAnswer(line)).toEqual(expected));

  it.each(["", "ys", "!", "!z", "!yi", "!yix", "!yq1", "HTTP/1.1 400"])("%j is no answer", (line) =>
    expect(() => decodeAnswer(line)).toThrow(expect.objectContaining({ code: "environment_error" })),
  );

  it("reads back every text, cut anywhere between two bytes", () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (texts, cuts) => {
          const lines = texts.map((text) => `!y${encodeCall({ ref: "o" }, "m", text).split("\n")[3]}\n`);
          const bytes = Buffer.from(lines.join(""), "utf8");
          const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
          const reader = new LineReader();
          const read = [0, ...places]
            .map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
            .flatMap((chunk) => reader.read(chunk));
          expect(read.map(decodeAnswer)).toEqual(texts.map((value) => ({ ok: true, value })));
        },
      ),
    );
  });
});

describe("the connection", () => {
  let server: Server | null = null;
  const sockets: Socket[] = [];
  afterEach(() => {
    sockets.splice(0).forEach((socket) => socket.destroy());
    server?.close();
  });

  /** A server that answers each request by `reply`; null leaves it unanswered, "reset" resets the connection. */
  async function connectTo(reply: (request: string, count: number) => string | null, timeoutMs = 2000) {
    let count = 0;
    server = createServer((socket) => {
      sockets.push(socket);
      let rest = "";
      socket
        .on("error", () => undefined)
        .on("data", (chunk) => {
          const requests = (rest + chunk.toString()).split("\ne\n");
          rest = requests.pop() ?? "";
          for (const request of requests) {
            const line = reply(request, count++);
            if (line === "reset") socket.resetAndDestroy();
            else if (line !== null) socket.write(`${line}\n`);
          }
        });
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    // A listening TCP server has an address with a port.
    const { port } = server.address() as AddressInfo;
    return Py4jClient.connect(port, timeoutMs);
  }
  const world = { ref: "o1" };

  it("answers requests in the order they were made", async () => {
    const client = await connectTo((request) => `!ys${request.split("\n").at(-1)?.slice(1)}`);
    const asked = ["a", "b", "c", "d"];
    expect(await Promise.all(asked.map((text) => client.call(world, "echo", text)))).toEqual(asked);
    client.close();
  });

  it("sends a request when the one before is answered: answers that come together wait for each other", async () => {
    const arrived: string[] = [];
    const client = await connectTo((request, count) => {
      arrived.push(request.split("\n")[2] ?? "");
      return count === 0 ? null : "!yv";
    }, 150);
    const calls = ["first", "second"].map((method) => client.call(world, method));
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(arrived).toEqual(["first"]);
  });

  it("tells what was thrown, and goes on", async () => {
    const answers = ["!xro3", "!ysjava.lang.Error: it burns", "!yv", "!yi1"];
    const client = await connectTo((_, count) => answers[count] ?? null);
    await expect(client.call(world, "step", "x")).rejects.toThrow("threw in step: java.lang.Error: it burns");
    expect(await client.call(world, "getNumMoves")).toBe(1);
    client.close();
  });

  it.each([
    ["does not answer", () => null, "did not answer within 0.1 s"],
    ["resets the connection", () => "reset", "broke"],
    ["talks nonsense", () => "!!", "no py4j answer"],
  ])("rejects with environment_error when the server %s", async (_, reply, told) => {
    const client = await connectTo(reply, 100);
    await expect(client.call(world, "step", "x")).rejects.toMatchObject({
      code: "environment_error",
      message: expect.stringContaining(told),
    });
    client.close();
  });

  it("rejects everything under way and everything later once it is closed", async () => {
    const client = await connectTo(() => null);
    const first = client.call(world, "step", "x");
    const second = client.call(world, "step", "y");
    client.close();
    for (const call of [first, second, client.call(world, "step", "z")])
      await expect(call).rejects.toMatchObject({ code: "environment_error" });
  });
});
