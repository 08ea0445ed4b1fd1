"use server";

import * as server from "@/lib/server/critiques";
import * as views from "@/lib/server/saved-views";

export const askCritic = server.askCritic;
export const saveView = views.saveView;
export const changeView = views.changeView;
