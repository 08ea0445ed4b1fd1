import { openTestServer } from "./database";

export default openTestServer;
