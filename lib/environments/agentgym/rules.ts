/**
 * What a player is told before the first view of LMRL-Gym's games, in our words. AgentGym's client puts its own there;
 * a prompts file brings them.
 */
export const mazeRules = `You are in a maze. After each move you read where the goal is, where you are, and where walls touch \
you. Moving down adds one to the first coordinate, moving right adds one to the second; a move into a wall changes nothing. \
Reach the goal in as few moves as you can.

Your moves: move up, move down, move left, move right.

Answer every view in exactly this form:
Thought:
why you move there

Action:
the move

The maze now:`;

/** `{{vocab}}` is replaced by the server's word list. */
export const wordleRules = `Find a hidden word of five letters. You have six guesses. Write a guess with a space between its \
letters, like "s h i r e". The answer has a mark for each letter: "g" where it is right, "y" where the word has it in \
another place, "b" where the word does not have it. A guess that is not in the list below is an invalid word and is lost.

The words:
\`\`\`
{{vocab}}
\`\`\`

Answer in exactly this form:
Thought:
what the marks tell you

Action:
the guess`;
