/** The version of this program, as package.json says it: it stands in what is written for others to keep. */
export const version = "0.1.0";
