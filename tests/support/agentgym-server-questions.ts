import { NoSuchTask, type Game, type Played } from "./agentgym-server-game";

/** Two calls of tools, then `finish`; the whole reply comes in, and only the line with the call is read. */
export function tool(): Game {
  let index = 0;
  let known = false;
  const told = (text: string, reward = 0, done = false): Played => ({ text, reward, done });
  return {
    begin(which) {
      if (which >= 20) throw new NoSuchTask("list index out of range");
      [index, known] = [which, false];
      return told(
        `Now new trial starts.\nYou should perform actions to accomplish the goal: How warm was day ${index}?\nGive me one action.`,
      );
    },
    act(reply) {
      const [, name, input] = /Action: (\w+) with Action Input: (.*)$/m.exec(reply) ?? [];
      if (name === undefined) return told("Format error, please name an action and its input");
      if (name === "get_temp") known = true;
      if (name === "finish")
        return told(
          "Observation: done\nGive me one action.",
          known && input === `{"answer": ${index}}` ? 1 : 0,
          true,
        );
      return told(`Observation: ${known ? index : "unknown tool"}\nGive me one action.`, known ? 0.5 : 0);
    },
  };
}

/** One statement is right; what comes in has had its fence taken off by the client. */
export function database(): Game {
  let index = 0;
  return {
    begin(which) {
      index = which;
      return { text: `Table t(a). How many rows has t in database ${index}?`, reward: 0, done: false };
    },
    act: (sql) =>
      sql === "SELECT count(*) FROM t"
        ? { text: `[(${index},)]`, reward: 1, done: true }
        : { text: `Error: near "${sql.split(" ")[0]}": syntax error`, reward: 0, done: false },
  };
}

/** Search, then answer, both in tags anywhere in the reply. */
export function research(): Game {
  let index = 0;
  return {
    begin(which) {
      index = which;
      return { text: `Reason first.\n\n Question: what is number ${index}?`, reward: 0, done: false };
    },
    act(reply) {
      const [, tag, words] = /<(search|answer)>(.*?)<\/\1>/s.exec(reply) ?? [];
      if (tag === undefined) return { text: "Your previous action is invalid.", reward: 0, done: false };
      if (tag === "search") return { text: `<information>${index}</information>`, reward: 0, done: false };
      const right = words?.trim() === `${index}`;
      return { text: right ? "Correct." : "Please try again.", reward: right ? 1 : 0, done: right };
    },
  };
}
