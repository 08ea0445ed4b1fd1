import type { Message } from "@/lib/core/trajectory";
import { reactFormat } from "./react";

/** Changes with every change of wording; stored with every rollout. */
export const promptVersion = "webshop@1";

const rules = `You are buying one product in a web shop. The page is shown to you as text, its parts separated by [SEP]; \
the part after “Instruction:” is what the customer wants. Buy the product that meets every wish: the kind of product, \
its properties, the options asked for (such as color or size) and the price limit.

There are two actions:
search[keywords] looks products up; write a few words that describe the product.
click[value] presses a button, opens a product by its code, or picks an option; write value as it stands on the page.

Options you do not pick are not part of the order. click[Buy Now] ends the task and cannot be taken back. An action \
the page does not offer changes nothing.`;

/** How an episode in the web shop is opened; the instruction itself is on every page. */
export function webshopOpening(): Message[] {
  return [{ role: "system", content: `${rules}\n\n${reactFormat}` }];
}
