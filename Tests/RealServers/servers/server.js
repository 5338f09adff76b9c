// An MCP server over stdio without packages: fetch, files, worker threads and both of node's resolvers.
const dns = require("dns").promises;
const fs = require("fs").promises;
const { Worker, isMainThread, parentPort, workerData } = require("worker_threads");

if (!isMainThread) {
  let sum = 0;
  for (let number = 1; number <= workerData; number++) sum += number;
  parentPort.postMessage(sum);
} else {
  const inThread = (limit) =>
    new Promise((resolve, reject) => {
      new Worker(__filename, { workerData: limit }).once("message", resolve).once("error", reject);
    });
  const tools = {
    fetch: async ({ url }) => (await fetch(url)).text(),
    read: ({ path }) => fs.readFile(path, "utf8"),
    write: ({ path, text }) => fs.writeFile(path, text).then(() => "written"),
    threads: async ({ count }) => String(await Promise.all(Array.from({ length: count }, (_, i) => inThread(i + 1)))),
    lookup: async ({ name }) => (await dns.lookup(name)).address,
    resolve: async ({ name }) => String(await dns.resolve4(name)),
  };
  const answers = {
    initialize: ({ protocolVersion }) => ({
      protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "node", version: "1" },
    }),
    "tools/list": () => ({
      tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: "object" } })),
    }),
    "tools/call": async ({ name, arguments: given }) => {
      try {
        return { content: [{ type: "text", text: await tools[name](given) }] };
      } catch (error) {
        const text = `${error.code || error.message} ${error.cause ? error.cause.code : ""}`;
        return { content: [{ type: "text", text }], isError: true };
      }
    },
  };
  require("readline").createInterface({ input: process.stdin }).on("line", async (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const answer = answers[method];
    const reply = answer ? { result: await answer(params) } : { error: { code: -32601, message: "no such method" } };
    process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...reply }) + "\n");
  });
}
