/** Does the last thing this process does once whoever started it is gone, however it went: its end of the pipe closes. */
export function whenParentIsGone(last: () => void): void {
  process.stdin.on("end", last).on("error", last).resume();
}
