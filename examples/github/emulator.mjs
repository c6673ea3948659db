// Starts the emulator with the seed given as JSON; prints its address and the App's key, then waits.
import { createEmulator } from "emulate";

const [port, seed] = process.argv.slice(2);
const server = await createEmulator({ service: "github", port: Number(port), seed: JSON.parse(seed) });
const key = server.generatedSecrets.find((secret) => secret.kind === "github.app_private_key");
console.log(JSON.stringify({ url: server.url, privateKey: key.value }));
process.on("SIGTERM", () => server.close().then(() => process.exit(0)));
