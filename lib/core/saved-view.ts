import type { TrajectoryFilter, TrajectorySort } from "./rows";

/** A filter and an order of the trajectory list that the team gave a name. */
export type SavedViewRow = {
  viewId: number;
  name: string;
  /** As it was saved: a filter of an older version may lack fields, or name what is no more. */
  filter: unknown;
  sort: TrajectorySort;
  createdBy: string;
  createdAt: Date;
};

/** The same as it can be shown. */
export type SavedView = Pick<SavedViewRow, "viewId" | "name" | "sort" | "createdBy"> & {
  filter: TrajectoryFilter;
};

/** Named views of the trajectory list; one list for the whole team. */
export interface SavedViewStore {
  /** By name. */
  list(): Promise<SavedViewRow[]>;
  /** @throws AppError conflict when another has that name */
  save(view: {
    name: string;
    filter: unknown;
    sort: TrajectorySort;
    personId: number;
  }): Promise<SavedViewRow>;
  /** @throws AppError not_found, conflict when another has that name */
  rename(viewId: number, name: string): Promise<void>;
  /** Takes one off the list, or puts it back. @throws AppError not_found, conflict when its name was taken since */
  setDeleted(viewId: number, deleted: boolean): Promise<void>;
}
