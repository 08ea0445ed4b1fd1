import type { KindName } from "@/lib/environments/agentgym/config";
import { database, research, tool } from "./agentgym-server-questions";
import { NoSuchTask, type Drawn, type Game, type Played } from "./agentgym-server-game";

/** Small games of our own, each answering in the shape of one of AgentGym's servers. */

const colours = ["blue", "red", "green", "white"];
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T; // never empty here

/** Search, open a product, buy it; the price limit is drawn for each instance. */
function shop({ number }: Drawn): Game {
  let colour = "blue";
  let page: "index" | "results" | "item" | "done" = "index";
  let opened = "";
  const limit = 40 + 10 * (number % 3);
  const asked = () => `Find me a ${colour} lamp, and price lower than ${limit}.00 dollars`;
  const show = (): Played => {
    const head = `Instruction: [SEP] ${asked()}`;
    const pages = {
      index: { text: `WebShop [SEP] ${head} [SEP] Search`, actions: ["search"] },
      results: {
        text: `${head} [SEP] Back to Search [SEP] Page 1 (Total results: 4)${colours.map((each, i) => ` [SEP] B0${i} [SEP] A ${each} lamp [SEP] $20.00`).join("")}`,
        actions: ["back to search", ...colours.map((_, i) => `b0${i}`)],
      },
      item: {
        text: `${head} [SEP] Back to Search [SEP] < Prev [SEP] A ${opened} lamp [SEP] Price: $20.00 [SEP] Buy Now`,
        actions: ["back to search", "< prev", "buy now"],
      },
      done: { text: "Thank you for shopping with us!", actions: [] },
    };
    const reward = page === "done" ? (opened === colour ? 1 : 0.5) : 0;
    return { ...pages[page], reward, done: page === "done" };
  };
  return {
    begin(index) {
      if (index >= 6910) throw new NoSuchTask("list index out of range");
      colour = pick(colours, index);
      page = "index";
      return show();
    },
    act(action) {
      const [, name, word = ""] = /^(.+?)\[(.+)\]$/.exec(action) ?? [];
      const said = word.toLowerCase();
      if (name === "search") page = "results";
      else if (name === "click" && show().actions?.includes(said)) {
        if (said === "buy now") page = "done";
        else if (said === "back to search") page = "index";
        else if (said === "< prev") page = "results";
        else [page, opened] = ["item", pick(colours, Number(said.slice(2)))];
      }
      return show();
    },
  };
}

/** A lamp to switch on: 50 for looking at it, 100 for switching it on, -100 for meddling with the wrong thing. */
function laboratory(): Game {
  let score = 0;
  let moves = 0;
  const room = "This room is called the hall. You see a lamp and a trap.";
  return {
    begin(index) {
      if (index >= 4639) throw new NoSuchTask("list index out of range");
      [score, moves] = [0, 0];
      const taskDescription = `Your task is to switch lamp ${index} on. First, focus on it.`;
      return { text: room, reward: 0, score: 0, done: false, taskDescription };
    },
    act(action) {
      const before = score;
      let text = "No known action matches that input.";
      if (action === "look around") text = room;
      else if (action === "wait1") [text, moves] = ["You decide to wait.", moves + 1];
      else if (action === "focus on lamp") [text, score] = ["You focus on the lamp.", Math.max(score, 50)];
      else if (action === "activate lamp" && score === 50) [text, score] = ["The lamp is on.", 100];
      else if (action === "focus on trap") [text, score] = ["You focus on the trap.", -100];
      return { text, reward: score - before, score, done: score === 100 || score < 0 || moves > 100 };
    },
  };
}

/** A thing to carry from one place to another; what can be done is listed. */
function household(): Game {
  let at = "shelf";
  let holding = false;
  const open = () => ["go to shelf 1", "go to desk 1", ...(at === "shelf" ? ["take cup 1"] : ["put cup 1"])];
  const seen = (text: string, reward = 0): Played => ({ text, reward, done: reward === 1, actions: open() });
  return {
    begin(index) {
      if (index >= 2620) throw new NoSuchTask("list index out of range");
      [at, holding] = ["shelf", false];
      return seen(
        `You are in room ${index}. You see a shelf 1 and a desk 1.\nYour task is to: put a cup on the desk.`,
      );
    },
    act(action) {
      if (!open().includes(action)) return seen("Nothing happens.");
      if (action.startsWith("go to")) [at] = [action.includes("desk") ? "desk" : "shelf"];
      else if (action.startsWith("take")) holding = true;
      else if (holding) return seen("You put the cup 1 on the desk 1.", 1);
      return seen(`You ${action}.`);
    },
  };
}

/** A ball some steps ahead; a quick way earns more, and the score is the sum of what was earned. */
function grid(): Game {
  let left = 2;
  let steps = 0;
  let score = 0;
  const shown = (text: string, reward: number): Played => ({
    text: `${text}\nAvailable actions: ["turn left", "turn right", "move forward"]`,
    reward,
    score,
    done: left === 0,
  });
  return {
    begin(index) {
      [left, steps, score] = [2 + (index % 3), 0, 0];
      return shown(`Your goal: go to the red ball\nThere is a red ball 1 ${left} steps in front of you.`, 0);
    },
    act(action) {
      steps += 1;
      if (action !== "move forward") return shown("The action is not recognized.", 0);
      left -= 1;
      const reward = left === 0 ? 1 - steps / 100 : 0;
      score += reward;
      return shown(`There is a red ball 1 ${left} steps in front of you.`, reward);
    },
  };
}

/** Two things to get and one to craft; the order in which recipes are listed follows the hash seed. */
function crafting({ hashSeed }: Drawn): Game {
  let index = 0;
  const held = new Map<string, number>();
  const goal = () => pick(["torch", "ladder", "bowl"], index);
  const recipes = () => {
    const all = [
      `craft 1 ${goal()} using 1 stick, 1 coal`,
      "craft 4 plank using 1 log",
      "craft 1 sail using 2 wool",
    ];
    return [...all.slice(hashSeed % 3), ...all.slice(0, hashSeed % 3)];
  };
  const said = (text: string, reward = 0): Played => ({ text, reward, done: reward === 1 });
  return {
    begin(which) {
      index = which % 544;
      held.clear();
      return said(`Crafting commands:\n${recipes().join("\n")}\n\nGoal: craft ${goal()}.`);
    },
    act(action) {
      const [, count, item] = /^get (\d+) (.+)$/.exec(action) ?? [];
      if (item !== undefined) {
        held.set(item, Number(count));
        return said(`Got ${count} ${item}`);
      }
      if (action === "inventory")
        return said(`Inventory: ${[...held].map(([name, n]) => `[${name}] (${n}) `).join("")}`);
      if (action === `craft 1 ${goal()} using 1 stick, 1 coal`)
        return held.has("stick") && held.has("coal")
          ? said(`Crafted 1 ${goal()}`, 1)
          : said(`Could not find enough items to craft ${goal()}`);
      return said(`Could not execute ${action}`);
    },
  };
}

/** A corridor with the goal at its right end; `failAfter` moves it is lost, with the reward older versions gave. */
function maze(): Game {
  let at = 0;
  let moves = 0;
  const shown = (): Played => ({
    text: `The goal is at position 1, 4. Your current position is at position 1, ${at}. There are walls above you, below you.`,
    reward: 0,
    done: false,
  });
  return {
    begin(index) {
      if (index >= 26) throw new NoSuchTask(`The game ${index} is not valid.`);
      [at, moves] = [index % 4, 0];
      return shown();
    },
    act(action) {
      if (moves === 50) return { text: "Failure\n", reward: -1, done: true };
      moves += 1;
      at += action === "move right" ? 1 : action === "move left" && at > 0 ? -1 : 0;
      return at === 4 ? { text: "Success\n", reward: 1, done: true } : shown();
    },
  };
}

export const wordList = ["cabin", "lemon", "river", "stone"];

/** Four words, six guesses. */
function words(): Game {
  let hidden = "cabin";
  let guesses = 0;
  return {
    begin(index) {
      [hidden, guesses] = [pick(wordList, index), 0];
      return { text: "Let's start Wordle!", reward: 0, done: false };
    },
    act(action) {
      const guess = action.replaceAll(" ", "");
      guesses += 1;
      if (!wordList.includes(guess)) return { text: "invalid word", reward: 0, done: guesses === 6 };
      const marks = [...guess].map((letter, i) =>
        hidden[i] === letter ? "g" : hidden.includes(letter) ? "y" : "b",
      );
      const won = guess === hidden;
      return { text: `${marks.join(" ")}\n`, reward: won ? 1 : 0, done: won || guesses === 6 };
    },
  };
}

export const games: Record<KindName, (drawn: Drawn) => Game> = {
  webshop: shop,
  sciworld: laboratory,
  alfworld: household,
  babyai: grid,
  textcraft: crafting,
  maze,
  wordle: words,
  sqlgym: database,
  searchqa: research,
  ...{ weather: tool, movie: tool, academia: tool, todo: tool, sheet: tool },
};
