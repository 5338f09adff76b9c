// An HTTP server on $PORT; `escape FILE` prints a file instead.
const [what, file] = process.argv.slice(2);
if (what === 'escape') {
  process.stdout.write(require('fs').readFileSync(file));
} else {
  require('http').createServer((_, response) => response.end('served by node')).listen(Number(process.env.PORT), '127.0.0.1');
}
