"use server";

import * as server from "@/lib/server/trainings";

export const putTrainingProvider = server.putTrainingProvider;
export const startTraining = server.startTraining;
export const cancelTraining = server.cancelTraining;
export const registerTraining = server.registerTraining;
