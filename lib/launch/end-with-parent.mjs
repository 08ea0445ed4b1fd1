// Loaded first into every process the launcher starts (node --import). The launcher holds the other end of stdin and
// never writes to it: when it closes, the launcher is gone, even if it was killed, and nobody would stop us.
const PATIENCE_MS = 10_000;

function end() {
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
  // A signal to ourselves, not exit: what runs here finishes or releases its work first.
  if (process.platform === "win32") process.exit(1);
  process.kill(process.pid, "SIGTERM");
}

// Programs started from here inherit this argument but not the launcher's pipe.
if (process.env.GLEANER_LAUNCHER === String(process.ppid)) {
  process.stdin.on("end", end).on("error", end).resume();
  process.stdin.unref?.();
}
