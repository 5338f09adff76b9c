// Looks a name up in node: `resolve.js NAME` with getaddrinfo, `resolve.js NAME cares` with c-ares.
const dns = require("dns");
const [name, cares] = process.argv.slice(2);
const done = (error, found) => {
  console.log(error ? error.code : found.map((entry) => entry.address || entry).join("\n"));
  process.exitCode = error ? 1 : 0;
};
if (cares) dns.resolve4(name, done);
else dns.lookup(name, { all: true }, done);
