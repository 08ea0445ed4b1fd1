/** @returns whether there was something to do, and there may be more; `begun` says that it is in hand */
export type Turn = (begun: () => void) => Promise<boolean>;

/**
 * Takes turns until none finds anything to do, several at once: one more lane is opened whenever a turn has something in
 * hand, so that looking for work that is not there costs one look and not `most`. When a turn throws, those in hand are
 * waited for.
 * @param most turns at once
 * @param mayGrow whether a turn that ends may leave something to do for lanes that had found nothing
 */
export async function inLanes(most: number, mayGrow: boolean, turn: Turn): Promise<void> {
  const opened: Promise<void>[] = [];
  const failures: unknown[] = [];
  let open = 0;
  let empty = false;
  const openLane = () => {
    if (open < most && failures.length === 0 && (mayGrow || !empty)) opened.push(lane());
  };
  const lane = async () => {
    open += 1;
    try {
      while (failures.length === 0 && (mayGrow || !empty)) if (!(await turn(openLane))) break;
      empty = true;
    } catch (error) {
      failures.push(error);
    } finally {
      open -= 1;
    }
  };
  openLane();
  for (const each of opened) await each;
  if (failures.length > 0) throw failures[0];
}
