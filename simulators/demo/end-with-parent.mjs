/**
 * Loaded before a part's program: when the process that started it is gone, however it went, the part is told to end
 * as Ctrl+C would tell it. Plain JavaScript: the part's threads load it too, without the TypeScript loader.
 */
const end = () => process.kill(process.pid, "SIGTERM");

process.once("disconnect", end);
// The channel alone must not keep a part alive that has nothing left to do.
process.channel?.unref();
if (process.connected === false) end();
